/** Examples of a draft, decided by the steps that decide everything else: what is expected, and what would be answered. */
import type { JsonObject } from '../../../platform/json.ts';
import { answer } from '../../decisions/deciding/answer.ts';
import type { Acting } from '../../decisions/deciding/choose_post.ts';
import { composeFields } from '../../decisions/deciding/compose_fields.ts';
import type { DecisionRequest } from '../../decisions/deciding/decision.ts';
import { explainWithheld } from '../../decisions/deciding/explain.ts';
import type { SubjectFacts } from '../../decisions/deciding/gather_facts.ts';
import { matchClauses } from '../../decisions/deciding/match_clauses.ts';
import { weighClauses } from '../../decisions/deciding/weigh_clauses.ts';
import { Example, type Protocol } from '../../register/protocols/document.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { compile, type Ruleset } from '../../decisions/rules/compile.ts';
import { stateForExamples } from './hypothetical.ts';
import { readablePart } from './readable.ts';

export type Outcome = { decision: boolean; reason: string; fields: string[] };

/** `index`: the example's place in the document. */
export type ExampleResult = { index: number; name: string; expected: Outcome; got: Outcome; holds: boolean };

/**
 * Decides every example that has its form, as if this text were in force in place of its former version. Whoever asks
 * holds every registration that a clause names, is known for certain and, where the example says so, signed in strongly.
 */
export function runExamples(state: RegisterState, document: JsonObject): ExampleResult[] {
  const text = readablePart(state, document);
  const rules = compile(stateForExamples(state, text));
  const written: readonly unknown[] = Array.isArray(document.examples) ? document.examples : [];
  return written.flatMap((one, index) => {
    const parsed = Example.safeParse(one);
    return parsed.success ? [runExample(rules, text, parsed.data, index)] : [];
  });
}

function runExample(rules: Ruleset, text: Protocol, example: Example, index: number): ExampleResult {
  const got = decideExample(rules, text, example);
  const { name, expect: expected } = example;
  const same = (left: readonly string[], right: readonly string[]): boolean =>
    left.length === right.length && left.every((field) => right.includes(field));
  const holds =
    got.decision === expected.decision && got.reason === expected.reason && same(got.fields, expected.fields);
  return { index, name, expected, got, holds };
}

function decideExample(rules: Ruleset, text: Protocol, example: Example): Outcome {
  const request = requestOf(example);
  const acting = actingIn(example, text);
  const { standing, presence } = acting;
  const understands = ['fields', ...text.clauses.flatMap((clause) => clause.obligations.map(({ type }) => type))];
  const circumstances = { now, partner: undefined, understands, alone: false, rules, standing, presence };
  const matched = matchClauses(circumstances, acting, request);
  const facts = factsOf(example, text);
  const inquiry = { id: 'example', request, circumstances, acting, obstacle: undefined, matched, facts };
  const weighed = weighClauses(inquiry);
  const composed = composeFields(inquiry, weighed);
  const explained = explainWithheld(composed, inquiry, weighed);
  const { decision, reason, fields } = answer(inquiry, { weighed, composed, explained });
  return { decision, reason: reason.code, fields };
}

// No fact of an example ends, so the moment is of no account.
const now = 0;
const practitioner = 'example';
const post = 'example';

function requestOf({ action, asset, holder, purpose }: Example): DecisionRequest {
  return {
    subject: { type: 'practitioner', id: practitioner },
    action,
    resource: { type: asset, id: 'example', agency: holder, attributes: {} },
    purpose,
  };
}

function actingIn({ agency, role, facts }: Example, { clauses }: Protocol): Acting {
  const bodies = [...new Set(clauses.flatMap(({ registrations }) => registrations))];
  const held = {
    id: post,
    agency,
    agencyName: agency,
    agencyKind: '',
    team: '',
    teamName: '',
    listed: true,
    role,
    roleName: role,
    kind: 'substantive' as const,
    from: now,
    suspended: false,
  };
  return {
    standing: {
      practitioner,
      name: '',
      email: '',
      status: 'active',
      identity: { level: 3 },
      posts: [held],
      registrations: bodies.map((body) => ({ body, number: '', evidence: 'checked', lapsed: false })),
      appointedBy: [],
    },
    post: held,
    presence:
      facts.present === true
        ? {
            practitioner,
            post,
            clientId: 'example',
            session: 'example',
            authenticationLevel: 3,
            authenticatedAt: now,
            expiresAt: Infinity,
          }
        : undefined,
  };
}

function factsOf({ agency, facts }: Example, { id, parties }: Protocol): SubjectFacts {
  const said = parties[0]?.agency ?? agency;
  const word = { agency: said, protocol: id, state: 'given', recordedAt: now } as const;
  return {
    subject: 'example',
    consents:
      facts.consent === true
        ? [
            { ...word, basis: 'confidence' },
            { ...word, basis: 'lawful-basis' },
          ]
        : [],
    involvements: facts.involvement === true ? [{ agency, practitioner, from: now, confirmed: true }] : [],
  };
}
