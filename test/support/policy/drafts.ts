/** Drafts in a small federation: a framework in force, agencies in the directory, an officer of each. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { JsonObject } from '../../../platform/json.ts';
import { createDraft } from '../../../policy/governance/drafts/create_draft.ts';
import type { DraftContext } from '../../../policy/governance/drafts/draft.ts';
import { putToSignature } from '../../../policy/governance/drafts/put_to_signature.ts';
import { submitSignature } from '../../../policy/governance/drafts/sign_draft.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { signProtocol } from '../../../policy/register/events/sign.ts';
import { anOpenRegister, signByAll, type TestRegister } from './register.ts';
import { aClause, anExample, aFramework, type ProtocolInput } from './documents.ts';
import { type TestAgency } from './federation.ts';

/** Where officers find what waits for them. */
export const baseUrl = 'http://localhost:4000';

export type TestDrafts = TestRegister & {
  context: DraftContext;
  council: ActingPerson;
  health: ActingPerson;
  police: ActingPerson;
  state(): RegisterState;
  /** A draft of the council with the hospital trust; `document` when nothing else is said. */
  begin(document?: JsonObject): Promise<string>;
  /** Puts it to signature as it stands. */
  put(id: string, revision?: number): Promise<string>;
  /** Signs what was put to signature, for one agency. */
  signDraft(id: string, agency: TestAgency): Promise<void>;
};

/** Opens the register, signs the framework, and enters the agencies in the directory. */
export async function openDrafts(): Promise<TestDrafts> {
  const test = await anOpenRegister();
  for (const { code, name, kind } of Object.values(test.agencies)) {
    await test.asOwner(`insert into kind (code, name, description) values ($1, $1, $1) on conflict do nothing`, [kind]);
    await test.asOwner(
      `insert into agency (code, code_system, code_source, kind, name, source) values ($1, 'gss', 'test', $2, $3, 'test')`,
      [code, kind, name],
    );
  }
  await signByAll(test, aFramework());
  const context = { db: test.ground.db, log: test.ground.log, register: test.register, clock: test.ground.clock };
  const actor = ({ code, officer }: TestAgency): ActingPerson => ({ agency: code, practitioner: officer.officer });
  const { council, health, police } = test.agencies;
  const owner = actor(council);
  return {
    ...test,
    context,
    council: owner,
    health: actor(health),
    police: actor(police),
    state: () => test.register.state()!,
    begin: (document = aDraft()) => createDraft(context, owner, { text: JSON.stringify(document) }),
    put: async (id, revision = 1) => (await putToSignature(context, owner, id, { revision, baseUrl })).hash,
    signDraft: async (id, agency) => {
      const who = actor(agency);
      const document = await lastText(test, id);
      const signature = await signProtocol({ ...agency.officer, document, time: test.clock.now });
      await submitSignature({ ...test.ground, register: test.register }, who, id, { text: document, signature });
    },
  };
}

/** The text that was put to signature, or was before it was taken back. */
async function lastText({ asOwner }: TestRegister, id: string): Promise<Uint8Array> {
  const [row] = await asOwner(
    `select bytes from draft_text t join draft d on d.id = t.draft
     where d.id = $1 order by t.hash is not distinct from d.hash desc limit 1`,
    [id],
  );
  return row!.bytes as Uint8Array;
}

/** An operational draft between the council and the hospital trust, as typed: nothing in it that is filled in by itself. */
export function aDraft(changes: Partial<ProtocolInput> | JsonObject = {}): JsonObject {
  const { type: _, federation: __, version: ___, pins: ____, host: _____, ...rest } = aFramework();
  const parties = ['E08000037', 'RTD'].map((code) => rest.parties.find((one) => one.agency === code) ?? never(code));
  return {
    ...rest,
    id: 'children-in-newcastle',
    tier: 'operational',
    framework: { id: 'regional-framework' },
    parties: parties.map((party) => ({ ...party })),
    clauses: [aClause()],
    examples: [anExample()],
    ...changes,
  };
}

function never(code: string): never {
  throw new Error(`the test framework has no party ${code}`);
}
