/**
 * The answer by brute force: every clause of every text against every question, with plain loops and no rules engine. What it
 * knows of clauses it reads from the signed JSON; what it knows of people it is told.
 */
import type { Standing } from '../../../../directory/people/standing.ts';
import type { DecisionRequest } from '../../../../policy/decisions/deciding/decision.ts';
import type { Presence } from '../../../../policy/decisions/deciding/presence.ts';
import type { Consent } from '../../../../policy/decisions/consent/consent.ts';
import type { Involvement } from '../../../../policy/decisions/involvement/involvement.ts';
import {
  agenciesOf,
  agencyAt,
  type Chain,
  hasAcceded,
  hashOfJson,
  hasLeft,
  isInForce,
  textOf,
} from './naive_register.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any;

export type Question = {
  request: DecisionRequest;
  standing: Standing | undefined;
  presence: Presence | undefined;
  understands: readonly string[];
  consents: readonly Consent[];
  involvements: readonly Involvement[];
  /** Whether it is the one question of its request. */
  alone: boolean;
  /** The clause for which the review that the request names was opened, as hash and id. */
  resumed: string | undefined;
  now: number;
};

/** `reasons`: for each field withheld, every reason that is true of it. */
export type Expected = {
  decision: boolean;
  overridden: boolean;
  fields: string[];
  clauses: string[];
  obligations: string[];
  reasons: Map<string, Set<string>>;
};

/** The texts in force at a moment, and what they say; worked out once for all questions about that moment. */
export type World = {
  chain: Chain;
  now: number;
  inForce: string[];
  /** The definition of each code that counts now, and every definition ever, by its hash. */
  assets: Map<string, Any>;
  definitions: Map<string, Any>;
  /** What speaks to a role of an agency, once found. */
  spoken: Map<string, Found[]>;
};

export function worldAt(chain: Chain, now: number): World {
  const inForce = [...chain.texts.keys()].filter((hash) => isInForce(chain, hash, now));
  const published = chain.events.flatMap(({ event }) => event.data.definition ?? []);
  const assets = new Map(published.filter(({ type }) => type === 'wayleave-asset').map((one) => [one.code, one]));
  const definitions = new Map(published.map((one) => [hashOfJson(one), one]));
  return { chain, now, inForce, assets, definitions, spoken: new Map() };
}

/** The one answer that is right. */
export function expectedAnswer(world: World, question: Question): Expected {
  const { request } = question;
  const asset = world.assets.get(request.resource.type);
  const all: string[] = asset?.fields.map(({ name }: Any) => name) ?? [];
  const asked = request.resource.fields?.length ? [...new Set(request.resource.fields)] : all;
  const acting = actingPost(question);
  if (typeof acting === 'string') return nothing(asked, acting);

  const clauses = listClauses(world, acting);
  const about = clauses.filter((one) => isAbout(one, request));
  const forbidding = about.filter(
    (one) => one.clause.effect === 'prohibit' && conditionsHold(one, request, true, question, acting),
  );
  const giving = about.filter((one) => one.clause.effect === 'permit' && lacks(one, question, acting).length === 0);
  const isForbidden = (field: string): boolean => forbidding.some(({ clause }) => clause.fields.includes(field));
  const compose = (clauses_: Found[], overridden: boolean): Expected => {
    const given = asked.filter(
      (field) => !isForbidden(field) && clauses_.some(({ clause }) => clause.fields.includes(field)),
    );
    const decision = given.length > 0 && (given.length === asked.length || question.understands.includes('fields'));
    const contributing = clauses_.filter(({ clause }) => clause.fields.some((field: string) => given.includes(field)));
    const duties = contributing.flatMap(({ clause }) => clause.obligations.map(({ id }: Any) => id));
    const search = { clauses, about, forbidding, question, acting };
    return {
      decision,
      overridden,
      fields: decision ? given : [],
      clauses: decision ? contributing.map(nameOf).sort() : [],
      obligations: decision ? [...new Set<string>(duties)].sort() : [],
      reasons: new Map(
        asked.filter((field) => !given.includes(field)).map((field) => [field, reasonsFor(field, search)]),
      ),
    };
  };
  const plainly = compose(giving, false);
  // The one that gives most; of those, the one that sets least aside; of those, the first by name.
  const [best] = openable(about, question, acting)
    .map((one) => ({ one, lacking: lacks(one, question, acting).length, name: nameOf(one) }))
    .map((opened) => ({ ...opened, answer: compose([...giving, opened.one], true) }))
    .filter(({ answer }) => answer.reasons.size < plainly.reasons.size)
    .sort(
      (left, right) =>
        left.answer.reasons.size - right.answer.reasons.size ||
        left.lacking - right.lacking ||
        (left.name < right.name ? -1 : 1),
    );
  return best?.answer.decision ? best.answer : plainly;
}

/** Clauses as an override opens them: whole but for consent and involvement, and only the fields that it names. */
function openable(about: Found[], question: Question, acting: Any): Found[] {
  const { request, presence, alone, resumed, now } = question;
  const asked = request.override;
  if (asked === undefined || !alone || presence === undefined || request.resource.dataSubject === undefined) return [];
  return about.flatMap((found) => {
    const { clause } = found;
    const terms = clause.override;
    if (clause.effect !== 'permit' || terms === undefined || !terms.roles.includes(acting.role)) return [];
    if ('review' in asked ? resumed !== nameOf(found) : !terms.grounds.includes(asked.ground)) return [];
    if (!('review' in asked) && now - presence.authenticatedAt >= 60) return [];
    if (presence.authenticationLevel < clause.authentication_level) return [];
    const lacking = lacks(found, question, acting);
    if (lacking.length === 0 || lacking.some((lack) => !/^(consent|involvement)-/.test(lack))) return [];
    const fields = clause.fields.filter((field: string) => terms.fields.includes(field));
    return [{ ...found, clause: { ...clause, fields } }];
  });
}

const nothing = (asked: readonly string[], reason: string): Expected => ({
  decision: false,
  overridden: false,
  fields: [],
  clauses: [],
  obligations: [],
  reasons: new Map(asked.map((field) => [field, new Set([reason])])),
});

/** The post in which the person acts, or why there is none. */
function actingPost({ request, standing, presence, now }: Question): Any {
  if (standing === undefined || request.subject.type !== 'practitioner') return 'unknown-subject';
  if (standing.status === 'suspended') return 'suspended';
  if (standing.status === 'left') return 'post-ended';
  const held = standing.posts.filter(({ from, until }) => from <= now && (until === undefined || now < until));
  const free = held.filter(({ suspended }) => !suspended);
  const named = presence?.post ?? request.subject.post;
  if (named !== undefined) {
    const post = standing.posts.find(({ id }) => id === named);
    if (post?.suspended) return 'suspended';
    return free.find(({ id }) => id === named) ?? 'post-ended';
  }
  if (free.length > 1) return 'sign-in-needed';
  return free[0] ?? (standing.posts.some(({ suspended }) => suspended) ? 'suspended' : 'post-ended');
}

/** `members`: whose word on consent counts. */
type Found = { hash: string; text: Any; clause: Any; definition: Any; members: string[] };
const nameOf = ({ hash, clause }: Found): string => `${hash} ${clause.id}`;

/** Every clause in force that speaks to this post, whatever it is about. */
function listClauses({ chain, now, inForce, definitions, spoken }: World, post: Any): Found[] {
  const key = `${post.agency} ${post.role}`;
  const known = spoken.get(key);
  if (known !== undefined) return known;
  const found: Found[] = [];
  spoken.set(key, found);
  for (const hash of inForce) {
    const text = textOf(chain, hash);
    const joined = agenciesOf(chain).filter((code) => hasAcceded(chain, hash, code, now));
    const members = [...text.parties.map(({ agency }: Any) => agency), ...joined];
    for (const clause of text.clauses) {
      const definition = definitions.get(text.pins.assets[clause.asset]);
      // What a party that has left holds is given no more.
      const holders = clause.holders.filter(
        (holder: string) => clause.effect === 'prohibit' || isMember(chain, hash, holder, now),
      );
      if (speaksTo(chain, hash, clause, post, now))
        found.push({ hash, text, definition, members, clause: { ...clause, holders } });
    }
  }
  return found;
}

function isMember(chain: Chain, hash: string, code: string, now: number): boolean {
  const agency = agencyAt(chain, code, Infinity);
  const party = textOf(chain, hash).parties.some((one: Any) => one.agency === code);
  return party && agency !== undefined && !agency.ended && !hasLeft(chain, hash, code, now);
}

function speaksTo(chain: Chain, hash: string, clause: Any, post: Any, now: number): boolean {
  const text = textOf(chain, hash);
  const party = text.parties.find(({ agency }: Any) => agency === post.agency);
  const agency = agencyAt(chain, post.agency, Infinity);
  const belongs = agency !== undefined && !agency.ended;
  const acceded = party === undefined && belongs && hasAcceded(chain, hash, post.agency, now);
  const means = (kind: string | undefined): boolean =>
    clause.recipients.some(
      (one: Any) => one.role === post.role && (one.agency === post.agency || (kind !== undefined && one.kind === kind)),
    );
  if (clause.effect === 'prohibit') return means(party?.kind ?? (acceded ? agency.kind : undefined));
  if (acceded) return clause.open_to_accession && means(agency.kind);
  return isMember(chain, hash, post.agency, now) && means(party.kind);
}

const isAbout = ({ clause }: Found, { action, purpose, resource }: DecisionRequest): boolean =>
  isOnTopic(clause, action, resource) && clause.purposes.includes(purpose ?? '');

const isOnTopic = (clause: Any, action: string, resource: DecisionRequest['resource']): boolean =>
  clause.actions.includes(action) && clause.asset === resource.type && clause.holders.includes(resource.agency);

/** Whether a clause's conditions hold of the record; what cannot be known counts as `unknown` says. */
function conditionsHold(
  { clause, definition }: Found,
  { resource }: DecisionRequest,
  unknown: boolean,
  { now }: Question,
  acting: Any,
): boolean {
  for (const { attribute, operator, value } of clause.conditions) {
    const type = definition?.attributes.find(({ name }: Any) => name === attribute)?.type;
    const has = Object.hasOwn(resource.attributes, attribute) ? resource.attributes[attribute] : undefined;
    const fits =
      type === 'time' ? Number.isSafeInteger(has) : type === 'number' ? Number.isFinite(has) : typeof has === type;
    const than = typeof value === 'object' && 'now' in value ? now + value.now : value;
    if (!fits) {
      if (!unknown) return false;
    } else if (!compare(operator, has, than)) return false;
  }
  if (clause.area !== 'own') return true;
  const { agencyArea, teamArea } = acting;
  const served = [agencyArea, teamArea].filter((area) => area !== undefined).map(plain);
  const area = Object.hasOwn(resource.attributes, 'area') ? resource.attributes.area : undefined;
  if (served.length === 0 || typeof area !== 'string') return unknown;
  return served.includes(plain(area));
}

const plain = (area: string): string => area.trim().toLowerCase();

function compare(operator: string, has: Any, than: Any): boolean {
  if (operator === 'eq') return has === than;
  if (operator === 'in') return than.includes(has);
  if (operator === 'lt') return has < than;
  if (operator === 'lte') return has <= than;
  if (operator === 'gt') return has > than;
  if (operator === 'gte') return has >= than;
  throw new Error(operator);
}

/** Everything that a permission on this question still asks for. */
function lacks(found: Found, question: Question, post: Any): string[] {
  const { clause } = found;
  const { request, standing, presence, understands, now } = question;
  const missing: string[] = [];
  if (clause.presence === 'required') {
    if (presence === undefined) missing.push('sign-in-needed');
    else if (presence.authenticationLevel < clause.authentication_level) missing.push('authentication-too-weak');
  }
  if (clause.registrations.length > 0) {
    const fine = standing!.registrations.some(
      ({ body, evidence, lapsed, validUntil }) =>
        clause.registrations.includes(body) &&
        evidence === 'checked' &&
        !lapsed &&
        !(validUntil !== undefined && validUntil <= now),
    );
    if (!fine) missing.push('registration-lapsed');
  }
  if (standing!.identity.level < clause.identity_level) missing.push('identity-level-too-low');
  if (clause.obligations.some(({ type }: Any) => !understands.includes(type))) missing.push('obligation-not-supported');
  if (!conditionsHold(found, request, false, question, post)) missing.push('condition-not-met');
  else missing.push(...consentLacks(found, question), ...involvementLacks(found, question, post));
  return missing;
}

function consentLacks({ clause, text, members }: Found, { request, consents, now }: Question): string[] {
  if (clause.consent.rule !== 'required') return [];
  if (request.resource.dataSubject === undefined) return ['consent-needed'];
  const relevant = consents.filter(
    ({ protocol, basis, clause: about, purpose, agency, state }) =>
      protocol === text.id &&
      basis === clause.consent.as &&
      (about ?? clause.id) === clause.id &&
      (purpose ?? request.purpose) === request.purpose &&
      (state !== 'given' || members.includes(agency)),
  );
  const scopes = new Set(relevant.map(({ clause: about, purpose }) => `${about} ${purpose}`));
  const words = [...scopes].map((scope) =>
    whatCounts(relevant.filter(({ clause: about, purpose }) => `${about} ${purpose}` === scope)),
  );
  if (words.some(({ state }) => state !== 'given')) return ['consent-refused'];
  return words.some(({ until }) => until === undefined || now < until) ? [] : ['consent-needed'];
}

/** The last word; but a person who could decide and refused is not overruled by anybody save a deputy or attorney. */
function whatCounts(words: Consent[]): Consent {
  const inOrder = words.toSorted(
    (one, other) =>
      (one.saidAt ?? one.recordedAt) - (other.saidAt ?? other.recordedAt) ||
      one.recordedAt - other.recordedAt ||
      Number(one.state !== 'given') - Number(other.state !== 'given'),
  );
  const last = inOrder.at(-1)!;
  const own = inOrder.findLast(
    ({ givenBy = '', capacity = '' }) =>
      ['self', 'advocate'].includes(givenBy) && ['has-capacity', 'competent-child'].includes(capacity),
  );
  const overruled = own !== undefined && own.state !== 'given' && last.givenBy !== 'deputy-or-attorney';
  return last.state === 'given' && overruled ? own : last;
}

function involvementLacks({ clause }: Found, { request, standing, involvements, now }: Question, post: Any): string[] {
  if (clause.involvement !== 'required') return [];
  const works = involvements.some(
    (one) =>
      request.resource.dataSubject !== undefined &&
      one.confirmed &&
      one.practitioner === standing!.practitioner &&
      one.agency === post.agency &&
      (one.post ?? post.id) === post.id &&
      one.from <= now &&
      !(one.until !== undefined && one.until <= now),
  );
  return works ? [] : ['involvement-needed'];
}

type Search = {
  clauses: Found[];
  about: Found[];
  forbidding: Found[];
  question: Question;
  acting: Any;
};

/** Every reason that it would be true to give for a withheld field. */
function reasonsFor(field: string, { clauses, about, forbidding, question, acting }: Search): Set<string> {
  const { action, resource } = question.request;
  const reasons = new Set<string>();
  const has = ({ clause }: Found): boolean => clause.fields.includes(field);
  if (forbidding.some(has)) reasons.add('prohibited');
  for (const found of about.filter(has)) {
    if (found.clause.effect !== 'permit') continue;
    for (const lack of lacks(found, question, acting)) reasons.add(lack);
  }
  // A condition nobody may be told of stands for what is hidden behind it.
  const subject = ['consent-needed', 'consent-refused', 'involvement-needed', 'prohibited'];
  if (subject.some((reason) => reasons.has(reason))) reasons.add('condition-not-met');
  const permits = clauses.filter(({ clause }) => clause.effect === 'permit' && isOnTopic(clause, action, resource));
  if (about.every((found) => found.clause.effect !== 'permit' || !has(found))) {
    if (permits.some(has)) reasons.add('purpose-not-covered');
    if (permits.length > 0) reasons.add('fields-not-covered');
    reasons.add('protocol-not-in-force');
  }
  if (permits.length === 0)
    for (const reason of ['no-protocol', 'not-a-party', 'role-not-covered']) reasons.add(reason);
  return reasons;
}
