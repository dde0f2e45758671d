/** Questions that a machine may ask of the demo region, with the answers that the signed protocols give: every reason once at least. */
import type { ReasonCode } from '../policy/decisions/deciding/reasons.ts';
import { findCase } from './casebook/cases.ts';
import data from './examples.json' with { type: 'json' };
import { subjectOf } from './facts.ts';
import { partners } from './partners.ts';
import { assets } from './protocols/assets.ts';
import { namedPerson } from './region/people.ts';
import type { DemoPractitioner } from './region/practitioner.ts';
import { inventPractitioners } from './region/practitioners.ts';
import { demoId } from './region/random.ts';

export type Example = {
  name: string;
  partner: string;
  request: object;
  expect: { decision: boolean; reason: ReasonCode; fields: string[] };
};

/** One line of `examples.json`, which tells them in an order that makes a story. Fields stand one after the other, with a blank between. */
type Told = {
  name: string;
  /** Client id of the partner system that asks, about records of the first agency that it holds records of. */
  partner: string;
  /** Key of a named person, `nobody`, or an invented one as "care-navigator of CHARITY:702561". */
  who: string;
  /** Which of their posts, the first if it is not said. */
  post?: number | 'unnamed';
  purpose: string;
  asset: string;
  /** A case of Casebook, or a record of another system with its attributes, and the case of Casebook whose data subject is its. */
  record: string;
  attributes?: Record<string, unknown>;
  subject?: string;
  /** None: all of them. */
  fields?: string;
} & ({ gives: string } | { reason: ReasonCode });

export function listExamples(): Example[] {
  return (data as Told[]).map(toExample);
}

function toExample(told: Told): Example {
  const { name, partner, purpose, asset, record, fields } = told;
  const who = find(told.who);
  const agency = partners.find(({ clientId }) => clientId === partner)!.holds[0]!;
  const asked = fields === undefined ? {} : { fields: fields.split(' ') };
  const given = 'gives' in told ? inOrder(asset, told.gives.split(' ')) : [];
  return {
    name,
    partner,
    request: {
      subject: { type: 'practitioner', id: who.id, ...postOf(who, told.post) },
      action: { name: 'read' },
      resource: { type: asset, id: record, properties: { agency, ...propertiesOf(told), ...asked } },
      context: { purpose },
    },
    expect: { decision: given.length > 0, reason: 'gives' in told ? 'permitted' : told.reason, fields: given },
  };
}

type Asking = Pick<DemoPractitioner, 'id' | 'posts'>;

function find(who: string): Asking {
  if (who === 'nobody') return { id: demoId('nobody'), posts: [] };
  const [role, agency] = who.split(' of ');
  if (agency === undefined) return namedPerson(who);
  const found = inventPractitioners().find(
    (one) => one.agency === agency && one.posts[0]?.role === role && one.identity.level > 0,
  );
  if (found === undefined) throw new Error(`The demo region has no ${who}.`);
  return found;
}

function postOf({ posts }: Asking, post: Told['post'] = 0): { properties?: { post: string } } {
  const held = post === 'unnamed' ? undefined : posts[post];
  return held === undefined ? {} : { properties: { post: held.id } };
}

function propertiesOf({ record, attributes, subject }: Told): Record<string, unknown> {
  const known = findCase(record, 0);
  if (known !== undefined) return { ...known.attributes, data_subject: known.dataSubject };
  return { ...attributes, ...(subject === undefined ? {} : { data_subject: subjectOf(subject) }) };
}

// As the asset names them: the order in which they are answered when none is asked for by name.
function inOrder(asset: string, fields: string[]): string[] {
  const known = assets.find((one) => one.code === asset)?.fields.map((one) => one.name) ?? [];
  return fields.toSorted((left, right) => known.indexOf(left) - known.indexOf(right));
}
