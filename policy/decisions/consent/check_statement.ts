/** What a statement must say to count, in words: who may decide for whom, how that was checked, and when it was said. */
import { clocksApartSeconds } from '../../../platform/clock.ts';
import type { InputIssue } from '../../../platform/errors.ts';
import type { Capacity, Relation, Statement } from './statement.ts';

/**
 * What is wrong with a statement, each with a pointer to the part at fault; empty when it may be recorded. Only agreement is
 * held to who may decide: a "no" closes and needs no authority. `now` in epoch seconds.
 */
export function checkStatement(statement: Omit<Statement, 'subject' | 'protocol'>, now: number): InputIssue[] {
  const { state, saidAt, until } = statement;
  const issues: InputIssue[] = [];
  if (saidAt > now + clocksApartSeconds) {
    issues.push({ pointer: '/said_at', message: 'Nothing can have been said in the future' });
  }
  if (until !== undefined && state !== 'given') {
    issues.push({ pointer: '/until', message: 'Only an agreement can have an end' });
  } else if (until !== undefined && until <= now) {
    issues.push({ pointer: '/until', message: 'The last day must not be past' });
  }
  if (state === 'given') issues.push(...checkAgreement(statement));
  if ((statement.notAskedBecause !== undefined) !== (statement.childView === 'not-asked')) {
    issues.push({
      pointer: '/not_asked_because',
      message: 'Say why the child was not asked, and only where they were not',
    });
  }
  return issues;
}

/** Who may agree, by what the data subject can decide. An advocate passes on the words of somebody who can. */
const mayAgree: Record<Capacity, readonly Relation[]> = {
  'has-capacity': ['self', 'advocate'],
  'competent-child': ['self', 'advocate', 'parental-responsibility'],
  'child-not-competent': ['parental-responsibility'],
  // Parental responsibility reaches to 18 where a young person of 16 or 17 lacks capacity.
  'lacks-capacity': ['deputy-or-attorney', 'best-interests', 'parental-responsibility'],
};

const whoDecides: Record<Capacity, string> = {
  'has-capacity': 'Somebody who can decide decides for themselves: nobody else can agree for them',
  'competent-child':
    'A child who understands this decides for themselves, or somebody with parental responsibility together with them',
  'child-not-competent':
    'A child who cannot decide this yet cannot agree: somebody with parental responsibility decides',
  'lacks-capacity':
    'Somebody who lacks capacity cannot agree: a deputy or attorney decides, or those who care for them in their best interests (Mental Capacity Act 2005); until 18, also somebody with parental responsibility',
};

function checkAgreement(statement: Omit<Statement, 'subject' | 'protocol'>): InputIssue[] {
  const { givenBy, capacity, authority, basis } = statement;
  if (!mayAgree[capacity].includes(givenBy)) return [{ pointer: '/given_by', message: whoDecides[capacity] }];
  const issues: InputIssue[] = [];
  if (givenBy === 'best-interests' && basis === 'lawful-basis') {
    issues.push({
      pointer: '/given_by',
      message:
        'A decision in somebody’s best interests is not consent as a lawful basis: a deputy or attorney must give it',
    });
  }
  if ((givenBy === 'parental-responsibility' || givenBy === 'deputy-or-attorney') && authority === undefined) {
    issues.push({ pointer: '/authority', message: 'Say how you checked that they may decide' });
  }
  if (givenBy === 'deputy-or-attorney' && authority === 'stated') {
    issues.push({
      pointer: '/authority',
      message: 'A deputy or attorney has a document: see it, or find it on record',
    });
  }
  return [...issues, ...checkChildView(statement)];
}

function checkChildView({ givenBy, capacity, childView }: Omit<Statement, 'subject' | 'protocol'>): InputIssue[] {
  if (givenBy !== 'parental-responsibility') return [];
  if (childView === undefined) return [{ pointer: '/child_view', message: 'Say what the child thinks' }];
  if (capacity !== 'competent-child' || childView === 'agrees') return [];
  const message =
    childView === 'disagrees'
      ? 'The child understands this and says no: a parent cannot agree instead. Record the child’s refusal'
      : 'The child understands this: ask them before anybody agrees for them';
  return [{ pointer: '/child_view', message }];
}
