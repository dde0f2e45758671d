/** A register as the service runs it, on a database of a test's own: `anOpenRegister()` is one process, `join()` another. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../../platform/database/database.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { appendEvent, appendEvents, type Submission } from '../../../policy/register/ledger/append.ts';
import type { Head } from '../../../policy/register/chain/chain.ts';
import type { EventData, EventType } from '../../../policy/register/events/table.ts';
import {
  openRegister,
  type OpenRegister,
  type RegisterGround,
  type RegisterOptions,
} from '../../../policy/register/ledger/open.ts';
import type { PrivateKey } from '../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../policy/register/signatures/generate.ts';
import { publicPart } from '../../../policy/register/signatures/keys.ts';
import {
  type EventSigner,
  type OfficerSigner,
  proposeEvent,
  signEvent,
  signProtocol,
} from '../../../policy/register/events/sign.ts';
import { protocolBytes } from '../../../policy/register/protocols/read.ts';
import { testDatabase, testMasterKey } from '../platform/database.ts';
import { openTestLog, quietLogger } from '../platform/log.ts';
import { admissionOf, type TestAgency, testAgencies, testNow } from './federation.ts';
import { definitions, federationName, type ProtocolInput } from './documents.ts';

export type RegisterProcess = {
  ground: RegisterGround;
  register: OpenRegister;
  lines: ReturnType<typeof quietLogger>['lines'];
  close(): Promise<void>;
};

export type TestRegister = RegisterProcess & {
  root: PrivateKey;
  agencies: ReturnType<typeof testAgencies>;
  clock: { now: number };
  /** Runs statements as the database's owner: what somebody with the database, and nothing else, could do. */
  asOwner(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Another process on the same database, with a disk of its own unless told otherwise. */
  join(options?: RegisterOptions & { dataDir?: string }): Promise<RegisterProcess>;
  drop(): Promise<void>;
};

const operator = { service: 'test' };

/** Opens an empty register. */
export async function anEmptyRegister(options: RegisterOptions = {}): Promise<TestRegister> {
  const database = await testDatabase();
  const root = generateKey();
  const clock = { now: testNow };
  const opened: RegisterProcess[] = [];
  const folders: string[] = [];
  const join: TestRegister['join'] = async ({ dataDir, ...rest } = {}) => {
    const folder = dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'wayleave-register-')));
    folders.push(folder);
    const db = openDatabase(database.url);
    const logger = quietLogger();
    const now = (): number => clock.now;
    const opening: { register?: OpenRegister } = {};
    const log = await openTestLog(
      { db, url: database.url },
      { clock: now, registerHead: () => opening.register?.state()?.head.hash },
    );
    const ground: RegisterGround = {
      config: { dataDir: folder, federation: { name: federationName, rootKey: publicPart(root) } },
      db,
      keys: openKeyRing(db, testMasterKey, now),
      log,
      logger,
      clock: now,
    };
    const register = await openRegister(ground, rest);
    opening.register = register;
    const process: RegisterProcess = {
      ground,
      register,
      lines: logger.lines,
      close: async () => {
        const at = opened.indexOf(process);
        if (at < 0) return;
        opened.splice(at, 1);
        await register.close();
        await log.close();
        await db.close();
      },
    };
    opened.push(process);
    return process;
  };
  const first = await join(options);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  return {
    ...first,
    root,
    agencies: testAgencies(),
    clock,
    asOwner: async (text, values) => (await owner.query<Record<string, unknown>>(text, values)).rows,
    join,
    drop: async () => {
      for (const one of opened.slice()) await one.close();
      await owner.end();
      await database.drop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a register with the test agencies and definitions in it. */
export async function anOpenRegister(options: RegisterOptions = {}): Promise<TestRegister> {
  const test = await anEmptyRegister(options);
  await appendEvents(test.ground, test.register, operator, [
    ...Object.values(definitions).map((definition) => signed(test, 'definition-published', { definition })),
    ...Object.values(test.agencies).map((agency) => signed(test, 'agency-admitted', admissionOf(agency))),
  ]);
  return test;
}

type Signing = { by?: EventSigner; time?: number };

/** An event that is made and signed when its turn comes, by the root key unless told otherwise. */
export function signed<Type extends EventType>(
  test: Pick<TestRegister, 'root' | 'clock'>,
  type: Type,
  data: EventData<Type>,
  { by = { key: test.root }, time = test.clock.now }: Signing = {},
): (head: Head) => Promise<Submission> {
  return async (head) => {
    const event = proposeEvent(head, { federation: federationName, type, data, time });
    return { event, signature: await signEvent(event, by) };
  };
}

/** Adds one signed event. */
export function append<Type extends EventType>(
  test: TestRegister,
  type: Type,
  data: EventData<Type>,
  { in: process = test, ...options }: Signing & { in?: RegisterProcess } = {},
): Promise<Head> {
  return appendEvent(process.ground, process.register, operator, signed(test, type, data, options));
}

/** Adds an agency's signature on a protocol. */
export async function sign(
  test: TestRegister,
  document: ProtocolInput | Uint8Array,
  agency: TestAgency,
  changes: Partial<OfficerSigner> & { in?: RegisterProcess; time?: number } = {},
): Promise<Head> {
  const { in: process = test, time = test.clock.now, ...signer } = changes;
  const text = document instanceof Uint8Array ? document : protocolBytes(document);
  const signature = await signProtocol({ ...agency.officer, ...signer, document: text, time });
  return appendEvent(process.ground, process.register, operator, { text, agency: agency.code, signature });
}

/** Adds the signatures of all parties among the test agencies. */
export async function signByAll(test: TestRegister, document: ProtocolInput): Promise<void> {
  for (const agency of Object.values(test.agencies)) {
    if (document.parties.some((party) => party.agency === agency.code)) await sign(test, document, agency);
  }
}
