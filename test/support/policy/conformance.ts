/**
 * The ground for conformance tests: the real decision interface, over a register whose every byte is signed, a directory and
 * a partner system; and a client that writes a scenario's names as Wayleave's. The client translates and decides nothing.
 */
import type { z } from 'zod';
import { uuidv7 } from '../../../platform/uuid.ts';
import { recordInvolvement } from '../../../policy/decisions/involvement/record_involvement.ts';
import type { AssetDefinition, Clause, RoleDefinition } from '../../../policy/register/protocols/document.ts';
import { testDatabase } from '../platform/database.ts';
import { startDecisionServer } from './decision_server.ts';
import { anImportedAgency, aPartner, aPost, aPractitioner, aTeam, gateshead, load } from '../directory/directory.ts';
import { aClause, aFramework, anAsset, anOperationalProtocol, pinsOf } from './documents.ts';
import { aFederation } from './federation.ts';
import { type Answer, postJson, send } from '../platform/web.ts';

/** The council that holds every record of a scenario, and employs everybody in it. */
export const holder = gateshead;

/** Somebody of a scenario: by the name it calls them, the role that carries their rights, and the area of their team. */
export type Person = { name: string; role: string; area?: string };

export type Scenario = {
  assets: AssetDefinition[];
  clauses: z.input<typeof Clause>[];
  people: Person[];
  /** What a scenario calls subjects, which are practitioners here. */
  subjectType: string;
  /** Who is known to own which things, as confirmed involvement. */
  owners?: { system: string; names: string[] };
  /** The scenario's records, which the asking system keeps and Wayleave does not. */
  records?: Entity[];
  /** What the asking system knows of a record, as attributes that conditions test. */
  attributesOf?(resource: Entity): object;
};

export type Entity = { type: string; id: string; properties?: Record<string, unknown> };
type Loose = Record<string, unknown>;

export type Conformance = Awaited<ReturnType<typeof openScenario>>;

/** Opens a scenario; `close()` it. */
export async function openScenario(scenario: Scenario) {
  const database = await testDatabase();
  const state = await signScenario(scenario);
  const server = await startDecisionServer(database, { state });
  const ids = new Map(scenario.people.map(({ name }) => [name, uuidv7()]));
  await load(server.log, staff(scenario.people, ids));
  for (const name of scenario.owners?.names ?? []) {
    await recordInvolvement(
      server.log,
      { agency: holder, service: 'scenario' },
      {
        subject: server.policy.pseudonym({ system: scenario.owners!.system, value: name }),
        practitioner: ids.get(name)!,
        from: Date.now() / 1000 - 60,
        confirmedBy: 'scenario',
      },
    );
  }
  const translator = createTranslator(scenario, ids);
  const headers = { Authorization: `Bearer ${server.token}` };
  return {
    server,
    /** Posts a scenario's request, and gives the answer in the scenario's own names. */
    ask: async (path: string, body: unknown, extra: Record<string, string> = {}): Promise<Answer> => {
      const sent = await postJson(`${server.url}${path}`, translator.request(path, body), { ...headers, ...extra });
      return { ...sent, json: () => translator.answer(sent.json()) };
    },
    /** Sends text as it stands. */
    raw: (path: string, body: string, type: string): Promise<Answer> =>
      send(`${server.url}${path}`, { method: 'POST', body, headers: { ...headers, 'Content-Type': type } }),
    close: async () => {
      await server.close();
      await database.drop();
    },
  };
}

const roles = ['team-manager', 'care-navigator'];

async function signScenario({ assets, clauses }: Scenario) {
  const federation = await aFederation();
  const works = (code: string): RoleDefinition => ({
    type: 'wayleave-role',
    code,
    name: code,
    description: code,
    kinds: ['council'],
  });
  const added = [...roles.map(works), ...assets];
  for (const definition of added) await federation.append('definition-published', { definition });
  const framework = aFramework();
  await federation.signByAll(framework);
  const more = pinsOf(added);
  const protocol = anOperationalProtocol(framework, {
    clauses,
    pins: {
      ...framework.pins,
      assets: { ...framework.pins.assets, ...more.assets },
      roles: { ...framework.pins.roles, ...more.roles },
    },
  });
  await federation.signByAll(protocol);
  const state = await federation.state(Date.now() / 1000);
  const inForce = [...state.protocols.values()].filter(({ status }) => status === 'in-force');
  if (inForce.length !== 2) throw new Error('The scenario’s protocol is not in force.');
  return state;
}

function staff(people: readonly Person[], ids: ReadonlyMap<string, string>) {
  const teams = new Map(
    [...new Set(people.map(({ area }) => area))].map((area) => [area, aTeam(area ? { area } : {})]),
  );
  return anImportedAgency({
    code: holder,
    name: 'Gateshead Council',
    // Only teams have areas, so that an area tells people of one agency apart.
    area: undefined as never,
    teams: [...teams.values()],
    practitioners: people.map(({ name }) => aPractitioner({ id: ids.get(name)!, name: `Somebody ${name}` })),
    posts: people.map(({ name, role, area }) =>
      aPost({ practitioner: ids.get(name)!, team: teams.get(area)!.id, role }),
    ),
    partners: [aPartner({ clientId: 'casebook', agency: holder, holds: [holder] })],
  });
}

/** A permission under a scenario: to these roles of the council, asking for nothing else. */
export function permits(
  id: string,
  asset: string,
  actions: string[],
  to: string[],
  changes: Partial<Clause> = {},
): Clause {
  return aClause({
    id,
    text: id,
    asset,
    actions,
    fields: ['content'],
    holders: [holder],
    recipients: to.map((role) => ({ role, agency: holder })),
    ...changes,
  });
}

/** A type of record with one field and these attributes. */
export function aRecord(
  code: string,
  actions: string[],
  attributes: AssetDefinition['attributes'] = [],
): AssetDefinition {
  const fields: AssetDefinition['fields'] = [{ name: 'content', title: 'Content', sensitivity: 'ordinary' }];
  return anAsset({ code, about_a_person: false, actions, fields, attributes });
}

/**
 * The scenario's names as Wayleave's and back. What is missing or of the wrong type stays as it is, so that the service
 * itself meets it: subjects by uuid, actions in small letters with hyphens, a record's attributes from the system that keeps
 * it, a purpose, and for a resource search the records to look among.
 */
function createTranslator(scenario: Scenario, ids: ReadonlyMap<string, string>) {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const actions = new Map(scenario.assets.flatMap((asset) => asset.actions).map((name) => [name, name]));

  const subject = (value: unknown): unknown => {
    if (!isObject(value) || value.type !== scenario.subjectType) return value;
    const known = typeof value.id === 'string' ? ids.get(value.id) : undefined;
    return { ...value, type: 'practitioner', ...(known && { id: known }) };
  };
  const action = (value: unknown): unknown => {
    if (!isObject(value) || typeof value.name !== 'string') return value;
    const name = value.name.toLowerCase().replaceAll('_', '-');
    actions.set(name, value.name);
    return { ...value, name };
  };
  const resource = (value: unknown, doing: unknown): unknown => {
    if (!isObject(value)) return value;
    const known = typeof value.id === 'string' ? scenario.attributesOf?.(value as Entity) : undefined;
    const ofAction = isObject(doing) && isObject(doing.properties) ? doing.properties : undefined;
    const properties = { ...known, ...(value.properties as Loose | undefined), ...ofAction };
    return Object.keys(properties).length > 0 ? { ...value, properties } : value;
  };
  const entities = (body: Loose): Loose => ({
    ...body,
    ...('subject' in body && { subject: subject(body.subject) }),
    ...('action' in body && { action: action(body.action) }),
    ...('resource' in body && { resource: resource(body.resource, body.action) }),
    ...('context' in body && { context: { ...(body.context as Loose), purpose: 'safeguarding' } }),
  });
  const candidates = (body: Loose): Loose[] =>
    (scenario.records ?? [])
      .filter(({ type }) => isObject(body.resource) && body.resource.type === type)
      .map((record) => ({ id: record.id, properties: (resource(record, undefined) as Entity).properties }));

  return {
    request(path: string, body: unknown): unknown {
      if (!isObject(body)) return body;
      const translated = entities({ context: {}, ...body });
      const items = Array.isArray(body.evaluations)
        ? { evaluations: body.evaluations.map((item) => (isObject(item) ? entities(item) : (item as unknown))) }
        : {};
      const among = path.endsWith('/resource')
        ? { context: { ...(translated.context as Loose), candidates: candidates(body) } }
        : {};
      return { ...translated, ...items, ...among };
    },
    answer(body: unknown): unknown {
      if (!isObject(body) || !Array.isArray(body.results)) return body;
      const results = (body.results as Loose[]).map((result) => {
        if ('name' in result) return { name: actions.get(result.name as string) };
        if (result.type !== 'practitioner') return result;
        return { type: scenario.subjectType, id: names.get(result.id as string) };
      });
      return { ...body, results };
    },
  };
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
