/** Runs every case of test/policy-cases against a federation that lives in memory. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Registration, Standing } from '../../../../directory/people/standing.ts';
import { Evaluation, toRequest } from '../../../../policy/decisions/access/request.ts';
import { decide } from '../../../../policy/decisions/deciding/decide.ts';
import type { Decision } from '../../../../policy/decisions/deciding/decision.ts';
import { reasons } from '../../../../policy/decisions/deciding/reasons.ts';
import type { Consent } from '../../../../policy/decisions/consent/consent.ts';
import type { Involvement } from '../../../../policy/decisions/involvement/involvement.ts';
import type { Clause } from '../../../../policy/register/protocols/document.ts';
import type { ProtocolStatus } from '../../../../policy/register/chain/state.ts';
import { aClause, anAsset, aProtocol } from '../../../support/policy/documents.ts';
import {
  aHeldPost,
  aPresence,
  askingPartner,
  aStanding,
  aState,
  inMemory,
  noon,
} from '../../../support/policy/decisions.ts';
import { gateshead } from '../../../support/directory/directory.ts';

/** Times in the files are seconds from the moment of the decision. */
type Person = {
  id: string;
  status?: Standing['status'];
  identity?: 0 | 1 | 2 | 3;
  posts: { id: string; agency: string; role: string; from?: number; until?: number; suspended?: boolean }[];
  registrations?: Registration[];
};
type Federation = {
  people: Record<string, Person>;
  protocols: { id: string; version?: number; status?: ProtocolStatus; clauses: Partial<Clause>[] }[];
};
type Case = {
  name: string;
  given: {
    who: string;
    signed_in?: 1 | 2 | 3;
    signed_in_ago?: number;
    post?: string;
    consent?: Consent[];
    involvement?: Involvement[];
    understands?: string[];
    register?: 'broken';
  };
  ask: unknown;
  expect: {
    decision: boolean;
    reason: string;
    fields: string[];
    withheld: Record<string, string>;
    clauses: string[];
    missing: string[];
    obligations: string[];
    /** What the reason's text must say besides. */
    note?: string | undefined;
  };
};

const folder = path.resolve(import.meta.dirname, '../../../policy-cases');
const load = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
const federation = load('federation.json') as Federation;
const files = readdirSync(folder).filter((file) => /^\d.*\.json$/.test(file));
const cases = files.map((file) => [file, load(file) as Case] as const);

describe('a policy case', () => {
  test.each(cases)('%s', async (_file, { given, ask, expect: wanted }) => {
    const decision = await run(given, ask);
    expect(outcome(decision)).toEqual({ note: undefined, ...wanted });
    expectHumaneRefusal(decision);
  });

  test('stands for every reason code that can be given', () => {
    const shown = new Set(cases.flatMap(([, one]) => [one.expect.reason, ...Object.values(one.expect.withheld)]));
    expect([...shown].sort()).toEqual(Object.keys(reasons).sort());
  });
});

/** Wherever something is withheld, the answer says that it is not the last word and whom to ring. */
function expectHumaneRefusal({ withheld, reason, dutyDesk, decision }: Decision): void {
  const refuses = !decision || withheld.length > 0;
  expect(
    /does not say that you may not share.*serious harm.*0191 433 2653.*law may allow or require/.test(reason.text),
  ).toBe(refuses);
  expect(dutyDesk?.phone).toBe(refuses ? '0191 433 2653' : undefined);
}

function outcome({ decision, reason, fields, withheld, clauses, missing, obligations }: Decision): Case['expect'] {
  return {
    decision,
    reason: reason.code,
    fields,
    withheld: Object.fromEntries(withheld.map((one) => [one.field, one.reason])),
    clauses: clauses.map(({ clause }) => clause),
    missing: missing.map(({ need }) => need),
    obligations: obligations.map(({ id }) => id),
    note: /The override asked for was not used: (.*)/.exec(reason.text)?.[1],
  };
}

function run(given: Case['given'], ask: unknown): Promise<Decision> {
  const person = federation.people[given.who]!;
  const context = inMemory({
    state: given.register === 'broken' ? undefined : state,
    standings: Object.values(federation.people).map(toStanding),
    partners: [askingPartner({ understands: given.understands ?? ['fields'] })],
    presences:
      given.signed_in === undefined
        ? {}
        : {
            'the-token': aPresence({
              practitioner: person.id,
              post: given.post ?? person.posts[0]!.id,
              authenticationLevel: given.signed_in,
              authenticatedAt: noon - (given.signed_in_ago ?? 3_600),
            }),
          },
    consents: (given.consent ?? []).map((said) => ({
      ...said,
      recordedAt: noon + said.recordedAt,
      ...(said.until !== undefined && { until: noon + said.until }),
    })),
    involvements: (given.involvement ?? []).map((known) => ({
      ...known,
      from: noon + known.from,
      ...(known.until !== undefined && { until: noon + known.until }),
    })),
  });
  const request = toRequest(Evaluation.parse(ask), [gateshead]);
  return decide(context, request!, { clientId: 'casebook', alone: true });
}

const patientRecord = anAsset({
  code: 'patient-record',
  fields: [{ name: 'ward', title: 'Ward', sensitivity: 'ordinary' }],
  attributes: [],
});
const state = aState(
  federation.protocols.map(({ clauses, status, ...document }) => ({
    protocol: aProtocol({ ...document, clauses: clauses.map(aClause) }),
    ...(status && { status }),
  })),
  { assetList: [anAsset(), patientRecord] },
);

function toStanding({ id, status = 'active', identity = 2, posts, registrations = [] }: Person): Standing {
  return aStanding({
    practitioner: id,
    status,
    identity: { level: identity },
    registrations,
    posts: posts.map(({ from = -1000, until, ...post }) =>
      aHeldPost({ ...post, from: noon + from, ...(until !== undefined && { until: noon + until }) }),
    ),
  });
}
