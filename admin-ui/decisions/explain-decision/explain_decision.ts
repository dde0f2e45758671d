/** GET /decisions/{id}: why a decision came out as it did: the fields, the reasons, the signed clauses, and its place in the log. */
import type Koa from 'koa';
import { z } from 'zod';
import { findAgency } from '../../../directory/agencies/list_agencies.ts';
import { findPartner } from '../../../directory/partners/find_partner.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { LogEntry } from '../../../platform/log/read.ts';
import { parse } from '../../../platform/web/input.ts';
import { render } from '../../../platform/web/render.ts';
import { EvaluationResponse } from '../../../policy/decisions/access/answer.ts';
import { decisionsIn, findRecorded, type Recorded } from '../../../policy/decisions/audit/recorded.ts';
import { asReadBy } from '../../../policy/decisions/audit/as_read_by.ts';
import { openHidden } from '../../../policy/decisions/deciding/explanation.ts';
import { recordReading } from '../../kit/record_reading.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { mayReadLog, type Person } from '../../session/person.ts';
import { personOf } from '../../session/require_person.ts';
import { checkEntry } from '../../kit/check_entry.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { answersIn } from '../../words/entry.ts';
import { fromCode } from '../../words/sentence.ts';
import { clauseOf, fieldTitles, reasonWords } from './clause_of.ts';

/** What this page reads of a decision's record. */
const Content = z.object({
  request: z.object({
    action: z.string(),
    resource: z.object({ type: z.string(), id: z.string(), agency: z.string() }),
    purpose: z.string().optional(),
  }),
  answer: EvaluationResponse.required(),
  caller: z.object({ client: z.string() }),
  standing: z.object({ role: z.string(), agency: z.string() }).nullable(),
});
type Content = z.output<typeof Content>;

const Holder = z.object({ request: z.object({ resource: z.object({ agency: z.string() }) }) });

export function explainDecision(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const person = personOf(ctx);
    const found = await findDecision(context, person, (ctx.params as { id: string }).id);
    const { entry, recorded } = asRead(context, person, found);
    if (mayReadLog(person)) await recordReading(context.ground.log, person, { decision: recorded.id });
    const content = parse(Content, recorded.content);
    const own = entry.actor?.practitioner === person.practitioner;
    render(ctx, 'decisions/explain-decision/explain-decision.njk', {
      title: titleOf(content.answer.decision, own),
      own,
      id: recorded.id,
      entry: entry.id,
      time: entry.time,
      others: answersIn(entry).filter(({ id }) => id !== recorded.id),
      officer: mayReadLog(person),
      proof: await checkEntry(context.ground, entry.id),
      ...(await toModel(context, content)),
      hidden: explanationFor(context, person, found),
    });
  };
}

function titleOf(decision: boolean, own: boolean): string {
  if (!decision) return 'Why the answer was no';
  return own ? 'Why you could see it' : 'Why it could be seen';
}

type Found = { entry: LogEntry; recorded: Recorded };

function asRead({ ground }: WebContext, { post }: Person, { entry, recorded }: Found): Found {
  const read = asReadBy(ground.config.masterKey, { agency: post.agency }, entry);
  return { entry: read, recorded: decisionsIn(read)[recorded.number]! };
}

/** A person may ask about what was decided for them, an officer about what concerns their agency; nobody else learns that it exists. */
async function findDecision(context: WebContext, person: Person, id: string): Promise<Found> {
  const own = sql`beside.practitioner = ${person.practitioner}`;
  const readable = mayReadLog(person) ? undefined : own;
  const found = await findRecorded(context.ground.db, { agency: person.post.agency }, id, readable);
  if (found === undefined) {
    throw new WebApplicationError(
      'not-found',
      'decision-unknown',
      'There is no decision here that you may open. It may have been made for another post: change post and try again.',
    );
  }
  return found;
}

async function toModel(context: WebContext, { request, answer, caller, standing }: Content) {
  const state = context.register.state();
  const titles = fieldTitles(state, request.resource.type);
  const details = answer.context;
  return {
    decision: answer.decision,
    reason: details.reason.text,
    record: `${state?.assets.get(request.resource.type)?.definition.name ?? request.resource.type} ${request.resource.id}`,
    action: request.action,
    purpose: request.purpose && purposeName(state, details, request.purpose),
    holder: (await findAgency(context.ground.db, request.resource.agency))?.name ?? request.resource.agency,
    system: (await findPartner(context.ground.db, caller.client))?.name ?? caller.client,
    role: standing && (state?.roles.get(standing.role)?.definition.name ?? standing.role),
    fields: details.fields.map(titles),
    withheld: groupWithheld(details.withheld).map(({ fields, text, reason, clause }) => ({
      fields: fields.map(titles),
      text,
      reason: reasonWords(reason),
      ...(clause === undefined ? {} : { clause: clauseOf(state, clause) }),
    })),
    clauses: details.clauses.map((reference) => clauseOf(state, reference)),
    duties: details.obligations.map(({ id, properties }) =>
      typeof properties.text === 'string' ? properties.text : id,
    ),
    missing: details.missing.map(({ text, clause }) => ({ text, clause: clauseOf(state, clause) })),
    desk: details.duty_desk,
  };
}

/** The name that the cited protocols give to the purpose; a purpose that they do not know has only its code. */
function purposeName(state: RegisterState | undefined, details: Content['answer']['context'], code: string): string {
  const cited = [...details.clauses, ...details.missing.map(({ clause }) => clause)];
  const purposes = cited.flatMap(({ hash }) => state?.protocols.get(hash)?.document.purposes ?? []);
  return purposes.find((purpose) => purpose.code === code)?.name ?? fromCode(code);
}

type Withheld = Content['answer']['context']['withheld'][number];

/** Fields that were withheld for one reason stand together, in the order of the first of each. */
function groupWithheld(withheld: Withheld[]): (Omit<Withheld, 'field'> & { fields: string[] })[] {
  const groups = Map.groupBy(withheld, ({ reason, text, clause }) => JSON.stringify([reason, text, clause]));
  return [...groups.values()].map((group) => {
    const { field: _, ...shared } = group[0]!;
    return { ...shared, fields: group.map(({ field }) => field) };
  });
}

/** What each clause lacked, for officers of the agency that holds the record; sealed for everybody else. */
function explanationFor(context: WebContext, person: Person, { entry, recorded }: Found) {
  const { agency } = parse(Holder, recorded.content).request.resource;
  if (person.capacities.length === 0 || person.post.agency !== agency) return undefined;
  const { explanation } = openHidden(context.ground.config.masterKey, entry)?.[recorded.number] ?? {};
  if (explanation === undefined) return undefined;
  const { clauses, prohibitions } = explanation;
  const state = context.register.state();
  return {
    clauses: clauses.map(({ unmet, ...reference }) => ({
      ...clauseOf(state, reference),
      unmet: unmet.map(reasonWords),
    })),
    prohibitions: prohibitions.map((reference) => clauseOf(state, reference)),
  };
}
