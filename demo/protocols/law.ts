/** Why each sort of party may share, in law. Demonstration texts: plausible, not legal advice. */
import type { Party } from '../../policy/register/protocols/document.ts';
import {
  healthCondition,
  publicTask,
  safeguardingCondition,
  statutoryCondition,
} from '../../policy/governance/templates/parts.ts';
import type { LawfulBasis } from '../../policy/governance/templates/template.ts';

/** Framework: it moves no data by itself, so it names the general powers only. */
export const framework: Record<Party['kind'], LawfulBasis> = {
  council: publicTask(
    ['g', 'h'],
    [statutoryCondition, healthCondition],
    ['Localism Act 2011 s.1', 'Children Act 2004 s.10 and s.11', 'Care Act 2014 s.6'],
    'Each operational protocol says why the duty of confidence allows what it gives.',
  ),
  health: publicTask(
    ['g', 'h'],
    [statutoryCondition, healthCondition],
    ['Health and Social Care Act 2012 s.251B', 'National Health Service Act 2006 s.82'],
    'Each operational protocol says why the duty of confidence allows what it gives; the Caldicott principles apply throughout.',
  ),
  police: publicTask(
    ['g'],
    [statutoryCondition],
    ['Crime and Disorder Act 1998 s.115', 'Police Act 1996 s.39A and common-law policing powers'],
    'Each operational protocol says why the duty of confidence allows what it gives.',
  ),
  school: publicTask(
    ['g'],
    [safeguardingCondition],
    ['Education Act 2002 s.175', 'Children Act 2004 s.10(5)'],
    'Each operational protocol says why the duty of confidence allows what it gives.',
  ),
  voluntary: {
    article6: ['f'],
    article9: ['g'],
    schedule_conditions: [safeguardingCondition],
    statutory_powers: [],
    confidence_basis:
      'What a person told the charity in confidence is shared with their agreement, or where someone may come to serious harm.',
  },
};

export const safeguardingChildren: Record<Party['kind'], LawfulBasis> = {
  council: publicTask(
    ['g', 'h'],
    [safeguardingCondition, healthCondition],
    ['Children Act 1989 s.17 and s.47', 'Children Act 2004 s.10 and s.11'],
    'The public interest in protecting a child from harm outweighs confidence; where early help rests on agreement, the clause says so.',
  ),
  health: publicTask(
    ['g', 'h'],
    [safeguardingCondition, healthCondition],
    ['Children Act 2004 s.10 and s.11', 'Health and Social Care Act 2012 s.251B'],
    'Direct care by people with a legitimate relationship to the child, or the public interest in protecting a child from harm.',
  ),
  police: publicTask(
    ['g'],
    [safeguardingCondition],
    ['Children Act 2004 s.10 and s.11', 'Crime and Disorder Act 1998 s.115'],
    'The public interest in protecting a child and in preventing crime.',
  ),
  school: publicTask(
    ['g'],
    [safeguardingCondition],
    [
      'Education Act 2002 s.175 (and Education (Independent School Standards) Regulations 2014 for academies)',
      'Children Act 2004 s.10(5)',
    ],
    'The agreement of the child or of someone with parental responsibility, unless a child may come to harm.',
  ),
};

export const hospitalDischarge: Record<Party['kind'], LawfulBasis> = {
  council: publicTask(
    ['h'],
    [healthCondition],
    ['Care Act 2014 s.3, s.6, s.9 and s.74 with Schedule 3', 'Health and Social Care Act 2012 s.251B'],
    'The person reasonably expects those who arrange their way home to know what it takes: implied consent to direct care.',
  ),
  health: publicTask(
    ['h'],
    [healthCondition],
    ['Health and Social Care Act 2012 s.251B (duty to share for direct care)', 'Care Act 2014 s.74 and Schedule 3'],
    'Implied consent to direct care, by people with a legitimate relationship to the patient.',
  ),
  voluntary: {
    article6: ['a'],
    article9: ['a'],
    schedule_conditions: [],
    statutory_powers: [],
    confidence_basis: 'The person’s own, written agreement to be helped by the charity.',
  },
};

export const youthOffending: Record<Party['kind'], LawfulBasis> = {
  council: publicTask(
    ['g'],
    [statutoryCondition, safeguardingCondition],
    ['Crime and Disorder Act 1998 s.37, s.38, s.39 and s.115', 'Children Act 2004 s.10 and s.11'],
    'The statutory aim of preventing offending by children, and their welfare, outweigh confidence for what a clause names.',
  ),
  health: publicTask(
    ['g', 'h'],
    [safeguardingCondition, healthCondition],
    ['Crime and Disorder Act 1998 s.38(2) and s.39(5)', 'Children Act 2004 s.10 and s.11'],
    'Direct care of a child in the youth justice system, or the public interest in keeping the child or another safe.',
  ),
  police: {
    article6: ['e'],
    article9: [],
    schedule_conditions: [
      'Data Protection Act 2018, Schedule 8, paragraph 1: statutory purposes',
      'Data Protection Act 2018, Schedule 8, paragraph 4: safeguarding of children and of individuals at risk',
    ],
    statutory_powers: [
      'Crime and Disorder Act 1998 s.38(2), s.39(5) and s.115',
      'Police and Criminal Evidence Act 1984, Code C',
    ],
    confidence_basis: 'The policing purpose of preventing offending by children.',
  },
};

/** Police taking part under Part 3 of the Data Protection Act 2018. */
export const lawEnforcement: NonNullable<Party['part_3']> = {
  categories: ['Children suspected of an offence', 'Children who have been convicted', 'Victims and witnesses'],
  policy_document: 'Appropriate policy document on sensitive processing for law enforcement, version 4',
};
