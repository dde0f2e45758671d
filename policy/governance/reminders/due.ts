/** Which reminders a day asks for: reviews and ends of protocols that are coming, and reviews that are past. */
import type { Party, Protocol } from '../../register/protocols/document.ts';
import type { ProtocolStatus, RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';

/** `day`: the day that it reminds of, YYYY-MM-DD; `days`: the mark that was reached, -1 once a review is past. */
export type Reminder = {
  protocol: string;
  document: Protocol;
  agency: string;
  about: 'review' | 'expiry';
  day: string;
  days: number;
  /** Mailboxes of the party's senior officer and data protection officer. */
  mailboxes: string[];
};

const reviewMarks = [60, 30, 7, 0, -1];
const expiryMarks = [90, 30, 7];
/** What is over needs no review, and what is not agreed yet has none to come. */
const running: ReadonlySet<ProtocolStatus> = new Set([
  'in-force',
  'not-yet-valid',
  'suspended',
  'framework-not-in-force',
]);

/**
 * Every reminder whose mark was reached by `today` (a calendar day in UK time). Of marks that a day without a running
 * process missed only the latest is due.
 */
export function listDue(state: RegisterState, today: string): Reminder[] {
  return [...state.protocols.values()].filter(({ status }) => running.has(status)).flatMap((one) => dueFor(one, today));
}

function dueFor(registered: RegisteredProtocol, today: string): Reminder[] {
  const { hash: protocol, document } = registered;
  const dates = [
    { about: 'review' as const, day: document.review, days: markOf(reviewMarks, daysUntil(document.review, today)) },
    {
      about: 'expiry' as const,
      day: document.valid.until,
      days: markOf(expiryMarks, daysUntil(document.valid.until, today)),
    },
  ];
  return dates.flatMap(({ about, day, days }) => {
    if (days === undefined) return [];
    return membersOf(registered).map((party) => ({
      protocol,
      document,
      agency: party.agency,
      about,
      day,
      days,
      mailboxes: [...new Set([party.senior_officer.email, party.dpo.email])],
    }));
  });
}

function membersOf({ document, withdrawn, acceded }: RegisteredProtocol): Party[] {
  const parties = document.parties.filter(({ agency }) => !withdrawn.includes(agency));
  return [...parties, ...acceded.map(({ party }) => party)];
}

/** The nearest mark that was reached: 60 from sixty days before until thirty-one. */
function markOf(marks: readonly number[], days: number): number | undefined {
  return marks.findLast((mark) => days <= mark);
}

function daysUntil(day: string, today: string): number {
  return Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);
}
