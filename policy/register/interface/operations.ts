/** The register's JSON interface: the register of agreements and the keys are open to all, its condition is for partners. */
import { z } from 'zod';
import { type CallerGround, catchUp, requireCaller } from '../../../directory/partners/require_caller.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { JsonObject } from '../../../platform/json.ts';
import type { ApiOperation, ApiStep } from '../../../platform/web/api.ts';
import { queryOf } from '../../../platform/web/input.ts';
import type { PolicyError } from '../../errors.ts';
import { protocolSchema } from '../protocols/read.ts';
import { hashOf, readCanonical } from '../signatures/canonical.ts';
import { describeKeys, describeList, describeProtocol, describeRegister, type Given } from './describe.ts';
import {
  AgencyParameters,
  KeySet,
  ListParameters,
  ProtocolList,
  ProtocolPage,
  ProtocolParameters,
  RegisterPage,
} from './shapes.ts';
import { refuse } from '../chain/refuse.ts';
import { getState, registerDamaged } from '../ledger/published.ts';
import type { Register, RegisteredProtocol, RegisterState } from '../chain/state.ts';
import { listLinks, storedChain } from '../ledger/store.ts';

type InterfaceGround = CallerGround & { db: Database; config: { federation: { name: string } } };

const tag = 'Register';
const damaged = { 503: { description: 'The register does not verify: nothing is in force' } };

/** The operations, for `serveApi` and the OpenAPI document. */
export function registerOperations(ground: InterfaceGround, register: Register): ApiOperation[] {
  const fresh = catchUp(ground.log);
  return [
    {
      method: 'get',
      path: '/policy/v1/protocols',
      summary: 'The register of agreements',
      tag,
      parameters: ListParameters,
      responses: { 200: { description: 'One page of protocols', schema: ProtocolList }, ...damaged },
      handlers: [fresh, listProtocols(register)],
    },
    {
      method: 'get',
      path: '/policy/v1/protocols/{id}/{version}',
      summary: 'A protocol as signed, with the state of its signatures',
      tag,
      parameters: ProtocolParameters,
      responses: {
        200: { description: 'The protocol', schema: ProtocolPage },
        404: { description: 'Nobody has signed such a protocol' },
        ...damaged,
      },
      handlers: [fresh, showProtocol(ground.db, register)],
    },
    {
      method: 'get',
      path: '/policy/v1/schemas/protocol',
      summary: 'The JSON Schema of a protocol',
      tag,
      responses: {
        200: {
          description: 'JSON Schema 2020-12',
          schema: z.record(z.string(), z.unknown()),
          type: 'application/schema+json',
        },
      },
      handlers: [showSchema()],
    },
    {
      method: 'get',
      path: '/agencies/{code}/jwks',
      summary: 'Keys that an agency and its officers sign with now, and who the officers are',
      tag,
      parameters: AgencyParameters,
      responses: {
        200: { description: 'A JSON Web Key Set', schema: KeySet, type: 'application/jwk-set+json' },
        404: { description: 'No such agency belongs to the federation' },
        ...damaged,
      },
      handlers: [fresh, showKeys(register)],
    },
    {
      method: 'get',
      path: '/policy/v1/register',
      summary: 'Whether the register verifies, and what in the database it does not say',
      tag,
      security: ['audit.read'],
      guards: [requireCaller(ground, 'audit.read')],
      responses: {
        200: { description: 'The register’s condition', schema: RegisterPage },
        401: { description: 'No valid access token of a partner system' },
        403: { description: 'The token does not carry the scope audit.read' },
      },
      handlers: [fresh, showRegister(ground.config.federation.name, register)],
    },
  ];
}

function listProtocols(register: Register): ApiStep {
  return (ctx) => {
    ctx.body = describeList(getState(register), queryOf(ctx, ListParameters));
  };
}

function showProtocol(db: Database, register: Register): ApiStep {
  return async (ctx) => {
    const { id, version } = queryOf(ctx, ProtocolParameters);
    const state = getState(register);
    const protocol = [...state.protocols.values()].find(
      ({ document }) => document.id === id && document.version === version,
    );
    if (protocol === undefined) throw refuseUnknown(state, id, version);
    ctx.body = describeProtocol(state, protocol, await readText(db, protocol), await readGiven(db, protocol));
  };
}

/** The signatures that count, as the chain holds them: whoever reads the page verifies them for themselves. */
async function readGiven(
  db: Database,
  { signatures, acceded }: RegisteredProtocol,
): Promise<(position: number) => Given> {
  const links = await listLinks(
    db,
    [...signatures, ...acceded].map(({ position }) => position),
  );
  const given = new Map(
    links.map(({ sequence, body }) => [
      sequence,
      (readCanonical(body) as unknown as { event: { data: Given } }).event.data,
    ]),
  );
  return (position) => {
    const found = given.get(position);
    if (found === undefined) throw registerDamaged();
    return found;
  };
}

// Word for word, so that whoever keeps it can hash it: what the memory holds has its defaults filled in.
async function readText(db: Database, { hash, document }: RegisteredProtocol): Promise<JsonObject> {
  const bytes = (await storedChain(db).texts([hash])).get(hash);
  if (bytes === undefined || hashOf(bytes) !== hash) throw textDamaged(document.id, document.version);
  return readCanonical(bytes) as JsonObject;
}

function refuseUnknown(state: RegisterState, id: string, version: number): PolicyError {
  const unreadable = [...state.damaged.values()].some((one) => one.id === id && one.version === version);
  if (unreadable) return textDamaged(id, version);
  return refuse('not-found', 'unknown-protocol', `Nobody has signed a protocol ${id} version ${version}.`);
}

function textDamaged(id: string, version: number): PolicyError {
  return refuse(
    'unavailable',
    'text-damaged',
    `The text of ${id} version ${version} is not the one that was signed. It is not in force.`,
  );
}

function showSchema(): ApiStep {
  const schema = JSON.stringify(protocolSchema());
  return (ctx) => {
    ctx.set('Content-Type', 'application/schema+json');
    ctx.body = schema;
  };
}

function showKeys(register: Register): ApiStep {
  return (ctx) => {
    const { code } = queryOf(ctx, AgencyParameters);
    const agency = getState(register).agencies.get(code);
    if (agency === undefined || agency.endedAt !== undefined) {
      throw refuse('not-found', 'unknown-agency', 'No agency with this code belongs to the federation.');
    }
    ctx.set('Content-Type', 'application/jwk-set+json');
    ctx.body = JSON.stringify(describeKeys(agency));
  };
}

function showRegister(federation: string, register: Register): ApiStep {
  return (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = describeRegister(federation, register);
  };
}
