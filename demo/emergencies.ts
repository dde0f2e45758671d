/** What practitioners of the region did before anybody looks: records opened in an emergency, and answers that carry duties. */
import type { OverrideGround, ReviewOutcome } from '../policy/decisions/overrides/review.ts';
import { casebook, type DemoPartner, wardview } from './partners.ts';
import { namedPerson } from './region/people.ts';
import type { DemoPractitioner } from './region/practitioner.ts';
import { inventPractitioners } from './region/practitioners.ts';

type Asked = {
  who: DemoPractitioner;
  system: DemoPartner;
  asset: string;
  /** Number of the case in Casebook that it is about, or of a case whose person is on the ward as `record`. */
  about: string;
  record?: string;
  attributes?: Record<string, string | number | boolean>;
  purpose: string;
};

export type Emergency = Asked & {
  ground: OverrideGround;
  reason: string;
  /** By whom the review was closed, the key of a named person. */
  closed?: { by: string; outcome: ReviewOutcome; note: string };
};

/** `done`: said by the asking system. */
export type Duty = Asked & { done?: boolean };

export const emergencies: readonly Emergency[] = [
  {
    who: somebody('RR7', 'health-visitor'),
    system: casebook,
    asset: 'child-record',
    about: 'GC-1006',
    purpose: 'safeguarding-children',
    ground: 'risk-of-significant-harm',
    reason:
      'A neighbour rang the clinic at half past six: shouting and breaking glass in the flat, and nobody answers the door. I need to know who works with the family.',
    closed: {
      by: 'council-sharing-officer',
      outcome: 'justified-with-learning',
      note: 'Right to look, and the allocated worker was rung within minutes. To learn: the duty desk was open and would have told her at once. The team was shown where its number stands.',
    },
  },
  {
    who: namedPerson('school-nurse'),
    system: casebook,
    asset: 'child-record',
    about: 'GC-1003',
    purpose: 'early-help',
    ground: 'vital-interests',
    reason:
      'Collapsed in the dinner queue. The ambulance asks for medicines and conditions, and neither parent answers the telephone.',
  },
];

const ward = { system: wardview, asset: 'hospital-discharge-record', purpose: 'hospital-discharge' };

export const duties: readonly Duty[] = [
  {
    ...ward,
    who: somebody('E08000037', 'housing-officer'),
    about: 'GC-2002',
    record: 'W-3391',
    attributes: { age_years: 79, fit_for_discharge: true },
  },
  {
    ...ward,
    who: somebody('E08000021', 'housing-officer'),
    about: 'GC-2003',
    record: 'W-3402',
    attributes: { age_years: 91, fit_for_discharge: true },
    done: true,
  },
  {
    who: somebody('E23000007', 'police-officer'),
    system: casebook,
    asset: 'child-record',
    about: 'GC-1005',
    purpose: 'safeguarding-children',
  },
];

/** One of the invented staff whose identity and registrations were checked. */
function somebody(agency: string, role: string): DemoPractitioner {
  const found = inventPractitioners().find(
    (one) =>
      one.agency === agency &&
      one.posts[0]?.role === role &&
      one.identity.level > 1 &&
      one.registrations.every(({ checkedDaysAgo }) => checkedDaysAgo !== undefined),
  );
  if (found === undefined) throw new Error(`The demo region has no ${role} in ${agency}.`);
  return found;
}
