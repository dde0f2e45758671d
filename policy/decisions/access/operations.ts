/** The AuthZEN interface: OpenID Authorization API 1.0. */
import { z } from 'zod';
import type { ApiContext, ApiOperation, ApiStep } from '../../../platform/web/api.ts';
import { bodyOf, parse } from '../../../platform/web/input.ts';
import { WebError } from '../../../platform/web/web_error.ts';
import { callerOf, type CallerGround, requireCaller } from '../../../directory/partners/require_caller.ts';
import type { PolicyContext } from '../deciding/context.ts';
import { Obligation } from '../../register/protocols/document.ts';
import { EvaluationResponse } from './answer.ts';
import { evaluate, type Asker } from './evaluate.ts';
import { evaluateBatch } from './evaluate_batch.ts';
import { Evaluation, Evaluations } from './request.ts';
import {
  ActionSearch,
  largestPage,
  mostCandidates,
  ResourceSearch,
  SearchResponse,
  SubjectSearch,
} from './search/request.ts';
import type { SearchAnswer } from './search/search.ts';
import { searchActions } from './search/actions.ts';
import { searchResources } from './search/resources.ts';
import { searchSubjects } from './search/subjects.ts';

const description =
  'The person’s standing comes from the directory, never from the request. With `Prefer: return=minimal` the answer is the ' +
  'boolean alone, and then counts as understood neither fields nor obligations.';
const refusals = {
  400: { description: 'A required part is missing or of the wrong type' },
  401: { description: 'No valid access token of a partner system' },
  403: { description: 'The partner may not ask for decisions, or not about records of this agency' },
  413: { description: 'The request is too large' },
  503: { description: 'Nothing was decided, because nothing could be recorded; try again' },
};
const bodyOptions = { limit: 256 * 1024 };
/** Each answer is an entry of the log of decisions. */
const quiet = true;

/** Evaluation, evaluations and the metadata that announces them. */
export function accessOperations(context: PolicyContext, ground: CallerGround): ApiOperation[] {
  const guards = [requireCaller(ground, 'decisions'), requireJson];
  const tag = 'Decisions';
  return [
    {
      method: 'post',
      path: '/access/v1/evaluation',
      summary: 'May this person do this with this record?',
      description,
      tag,
      security: ['decisions'],
      guards,
      body: Evaluation,
      bodyOptions,
      quiet,
      responses: { 200: { description: 'The decision, recorded', schema: EvaluationResponse }, ...refusals },
      handlers: [answerOne(context)],
    },
    {
      method: 'post',
      path: '/access/v1/evaluations',
      summary: 'Several questions at once',
      description: `${description} Up to 100 items; without items, the request is one question.`,
      tag,
      security: ['decisions'],
      guards,
      body: Evaluations,
      bodyOptions,
      quiet,
      responses: {
        200: {
          description: 'The decisions in order, recorded',
          schema: z.union([z.object({ evaluations: z.array(EvaluationResponse) }), EvaluationResponse]),
        },
        ...refusals,
      },
      handlers: [answerMany(context)],
    },
    ...searchOperations(context, guards),
    {
      method: 'get',
      path: '/.well-known/authzen-configuration',
      summary: 'What this decision point offers',
      tag,
      responses: { 200: { description: 'AuthZEN metadata', schema: z.record(z.string(), z.unknown()) } },
      handlers: [
        (ctx) => {
          ctx.body = metadata(ground.config.baseUrl);
        },
      ],
    },
  ];
}

const searching =
  'What is found grants nothing: each record opened is evaluated. Results hold for this moment and are recorded as counts. ' +
  `Pages hold up to ${largestPage}; a paging token counts for ten minutes, for the same client and the same request.`;

function searchOperations(context: PolicyContext, guards: ApiStep[]): ApiOperation[] {
  return [
    searchOperation(guards, {
      path: '/access/v1/search/subject',
      summary: 'Who may do this with this record?',
      description: `${searching} People are found as if they were signed in.`,
      body: SubjectSearch,
      find: (input, asker) => searchSubjects(context, input, asker),
    }),
    searchOperation(guards, {
      path: '/access/v1/search/resource',
      summary: 'With which of these records may this person do this?',
      description:
        `${searching} Wayleave keeps no records: it looks through those in \`context.candidates\` ` +
        `(up to ${mostCandidates}, each an \`id\` with \`properties\`), and finds nothing without them.`,
      body: ResourceSearch,
      find: (input, asker) => searchResources(context, input, asker),
    }),
    searchOperation(guards, {
      path: '/access/v1/search/action',
      summary: 'What may this person do with this record?',
      description: searching,
      body: ActionSearch,
      find: (input, asker) => searchActions(context, input, asker),
    }),
  ];
}

type SearchOptions<Body extends z.ZodType> = {
  path: string;
  summary: string;
  description: string;
  body: Body;
  find: (input: z.output<Body>, asker: Asker) => Promise<SearchAnswer<object>>;
};

function searchOperation<Body extends z.ZodType>(
  guards: ApiStep[],
  { find, ...operation }: SearchOptions<Body>,
): ApiOperation {
  return {
    method: 'post',
    ...operation,
    tag: 'Decisions',
    security: ['decisions'],
    guards,
    bodyOptions,
    quiet,
    responses: { 200: { description: 'One page of what is permitted', schema: SearchResponse }, ...refusals },
    handlers: [async (ctx) => send(ctx, await find(bodyOf(ctx, operation.body), askerOf(ctx)))],
  };
}

/** AuthZEN has one status for requests that cannot be read: where others answer 415, it is 400 here. */
const requireJson: ApiStep = (ctx) => {
  if (!/^application\/json\s*(;|$)/i.test(ctx.get('Content-Type'))) {
    throw new WebError('invalid', 'unsupported-media-type', 'The body must be sent as application/json.');
  }
};

function metadata(baseUrl: string) {
  return {
    policy_decision_point: baseUrl,
    access_evaluation_endpoint: `${baseUrl}/access/v1/evaluation`,
    access_evaluations_endpoint: `${baseUrl}/access/v1/evaluations`,
    search_subject_endpoint: `${baseUrl}/access/v1/search/subject`,
    search_resource_endpoint: `${baseUrl}/access/v1/search/resource`,
    search_action_endpoint: `${baseUrl}/access/v1/search/action`,
    supported_obligations: Obligation.shape.type.options,
  };
}

function answerOne(context: PolicyContext): ApiStep {
  return async (ctx) => {
    const { text } = await evaluate(context, bodyOf(ctx, Evaluation), askerOf(ctx));
    sendText(ctx, text);
  };
}

function answerMany(context: PolicyContext): ApiStep {
  return async (ctx) => {
    const batch = bodyOf(ctx, Evaluations);
    const asker = askerOf(ctx);
    const single = batch.evaluations === undefined || batch.evaluations.length === 0;
    if (single) return sendText(ctx, (await evaluate(context, parse(Evaluation, batch), asker)).text);
    const answers = await evaluateBatch(context, batch, asker);
    sendText(ctx, `{"evaluations":[${answers.map(({ text }) => text).join(',')}]}`);
  };
}

function askerOf(ctx: ApiContext): Asker {
  const { clientId, partner } = callerOf(ctx);
  const plain = /(^|,)\s*return=minimal\s*(,|$)/i.test(ctx.get('Prefer'));
  if (plain) ctx.set('Preference-Applied', 'return=minimal');
  return { clientId, plain, holds: partner.holds };
}

function send(ctx: ApiContext, answer: object): void {
  sendText(ctx, JSON.stringify(answer));
}

function sendText(ctx: ApiContext, json: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Content-Type', 'application/json; charset=utf-8');
  ctx.body = json;
}
