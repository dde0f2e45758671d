/** The regional framework: the promises that every operational protocol stands on. It gives nobody any data by itself. */
import type { Protocol } from '../../policy/register/protocols/document.ts';
import { agencies } from '../region/agencies.ts';
import * as law from './law.ts';
import { daysFrom, party, pinsFor, type Setting } from './parts.ts';

/** The party that countersigns for agencies that join. */
export const frameworkHost = 'E08000037';

/** Who signed it: every council, police force and trust of the region, two schools and two charities. */
export const frameworkParties: readonly string[] = [
  ...agencies
    .filter((one) => one.kind === 'council' || one.kind === 'police' || one.kind === 'health')
    .map((one) => one.code),
  'URN:146752',
  'URN:136352',
  'CHARITY:702561',
  'CHARITY:500640',
];

export function framework({ federation, today }: Setting): Protocol {
  const parties = frameworkParties.map((code) => {
    const basis = law.framework[agencies.find((one) => one.code === code)!.kind];
    return party(code, basis!, { essential: code === frameworkHost });
  });
  return {
    type: 'wayleave-protocol',
    federation,
    id: 'north-east-framework',
    version: 1,
    tier: 'framework',
    title: 'North East framework for sharing information',
    summary:
      'What public bodies and charities of the North East promise each other before they share anything about anybody. Operational protocols beneath it say who may see what, and why.',
    host: frameworkHost,
    parties,
    purposes: [
      {
        code: 'common-ground',
        name: 'Common ground for sharing',
        aim: 'One set of promises for the whole region, so that an agency that works across several areas need not sign many different ones.',
        benefit:
          'People tell their story once. Practitioners know what they may share and with whom, without asking a lawyer each time.',
        necessity:
          'Separate agreements between every pair of agencies were tried; they differed, lapsed and were not known to those who needed them.',
      },
    ],
    data_subjects: ['People who live in, or receive services in, the North East of England'],
    clauses: [],
    pins: pinsFor({ clauses: [], parties }),
    dpia: {
      reference: 'NE-DPIA-001',
      completed: daysFrom(today, -420),
      summary:
        'The framework moves no data. Its risks are that people misunderstand what they signed and that agreements go out of date; review dates and worked examples answer both.',
    },
    privacy_notice:
      'Each party publishes what it shares under each operational protocol, in words that a nine-year-old can follow, and hands it out when it first collects the information.',
    rights:
      'A person may ask any party what is held and shared about them, and may object. The party that receives the request passes it to the others within two working days and answers for all of them within a month.',
    accuracy:
      'The party that holds a record answers for it. Whoever notices a mistake tells the holder the same day; the holder corrects it and tells those who were given the mistaken fields.',
    retention:
      'Answers are for one use and are not copied into the receiving party’s own systems unless its duty to keep records requires it, and then under its own schedule.',
    security:
      'Practitioners sign in with two factors through their own agency. Data travels encrypted. Every decision is recorded where it cannot be altered unnoticed.',
    breach:
      'Whoever notices a breach tells the holding party’s data protection officer at once, and at the latest within 24 hours, so that the holder can meet the 72 hours of Article 33.',
    complaints:
      'Complaints go to the data protection officer of any party and are answered within 20 working days. The Information Commissioner can be asked at any time.',
    training:
      'Everybody who receives data under an operational protocol has had training on it in the last two years and has said that they read its one-page guide.',
    guidance:
      'What a protocol gives is given automatically. What it does not give may still be lawful, or a duty, to share: where someone may come to serious harm, speak to the duty desk now.',
    valid: { from: daysFrom(today, -400), until: daysFrom(today, 1_500) },
    review: daysFrom(today, 330),
    examples: [],
  };
}
