/** The client: one for each Wayleave, made once. */
import { createCall } from './call.ts';
import { type Clock, followClock, localClock } from './clock.ts';
import { toWayleaveError, WayleaveError } from './errors.ts';
import { readAnswer, refuse } from './read_answer.ts';
import { readAction, readEntity, searchPages } from './search.ts';
import { borrowToken, keepToken, type TokenSource } from './token.ts';
import type { Wire } from './transport.ts';
import type {
  ActionQuestion,
  Answer,
  DutyDesk,
  ObligationState,
  Question,
  ResourceQuestion,
  Semantic,
  SubjectQuestion,
} from './types.ts';

type Common = {
  /** Wayleave's address, without a slash at the end: https, or http on this machine. */
  baseUrl: string;
  fetch?: typeof globalThis.fetch;
  /** For one call with everything that it takes. Default 8000. */
  timeoutMs?: number;
  /** Whom to ring where Wayleave cannot say. */
  dutyDesk?: DutyDesk;
  /** This machine's clock, in epoch seconds. */
  clock?: () => number;
  /** Told in words that this machine's clock is more than 30 seconds off. Default: `console.warn`. */
  warn?: (message: string) => void;
  random?: () => number;
};
/** How the client comes by its token: with its own id and secret, or from whoever keeps one. */
type WithSecret = { issuer?: string; clientId: string; clientSecret: string };
type WithToken = { getToken: (options: { fresh: boolean }) => Promise<string> };
export type ClientOptions = Common & (WithSecret | WithToken);

type Paging = { limit?: number };

export type Client = {
  /** Asks one question. Never throws: a failure is a refusal that carries it as `failure`. */
  evaluate(question: Question): Promise<Answer>;
  /** Asks up to 100 at once; one answer each, in order. What a semantic leaves out is refused (`not-evaluated`). */
  evaluations(questions: readonly Question[], semantic?: Semantic): Promise<Answer[]>;
  search: {
    subject(question: SubjectQuestion, paging?: Paging): AsyncIterable<{ type: string; id: string }>;
    resource(question: ResourceQuestion, paging?: Paging): AsyncIterable<{ type: string; id: string }>;
    action(question: ActionQuestion, paging?: Paging): AsyncIterable<{ name: string }>;
  };
  /** Says what became of the duties of a decision; returns the ids still to be done. Throws `WayleaveError`. */
  acknowledge(decisionId: string, states: readonly ObligationState[]): Promise<{ outstanding: string[] }>;
  /** Epoch seconds by this machine's clock, as all times in answers are. */
  clock: () => number;
  dutyDesk: DutyDesk | undefined;
};

const mostQuestions = 100;

/** Throws `configuration-wrong` for an address that tokens and people's data must not be sent to. */
export function createClient(options: ClientOptions): Client {
  const clock = followClock(
    options.clock ?? localClock,
    options.warn ?? ((message) => console.warn(`Wayleave: ${message}`)),
  );
  const { dutyDesk, random = Math.random, timeoutMs = 8_000 } = options;
  const wire: Wire = { fetch: options.fetch ?? globalThis.fetch, timeoutMs, random, clock };
  const baseUrl = requireAddress('baseUrl', options.baseUrl);
  const call = createCall(wire, baseUrl, tokenSource(wire, baseUrl, options));
  const refused = (error: unknown): Answer => refuse(toWayleaveError(error), clock.now(), dutyDesk);
  return {
    clock: clock.now,
    dutyDesk,
    async evaluate(question) {
      try {
        return readAnswer(await call((at) => at.access_evaluation_endpoint, question), clock);
      } catch (error) {
        return refused(error);
      }
    },
    async evaluations(questions, semantic = 'execute_all') {
      if (questions.length === 0) return [];
      try {
        if (questions.length > mostQuestions) throw tooMany(questions.length);
        const body = { evaluations: questions, options: { evaluations_semantic: semantic } };
        const answers = readAnswers(await call((at) => at.access_evaluations_endpoint, body), questions.length, clock);
        if (semantic === 'execute_all' && answers.length < questions.length) throw tooFew();
        return questions.map((_, index) => answers[index] ?? refused(notEvaluated()));
      } catch (error) {
        return questions.map(() => refused(error));
      }
    },
    search: {
      subject: (question, { limit } = {}) =>
        searchPages(call, (at) => at.search_subject_endpoint, question, { limit, read: readEntity }),
      resource: (question, { limit } = {}) =>
        searchPages(call, (at) => at.search_resource_endpoint, question, { limit, read: readEntity }),
      action: (question, { limit } = {}) =>
        searchPages(call, (at) => at.search_action_endpoint, question, { limit, read: readAction }),
    },
    async acknowledge(decisionId, states) {
      const path = `/access/v1/obligations/${encodeURIComponent(decisionId)}`;
      return readOutstanding(await call(() => `${baseUrl}${path}`, { obligations: states }));
    },
  };
}

function tokenSource(wire: Wire, baseUrl: string, options: ClientOptions): TokenSource {
  if ('getToken' in options) return borrowToken(wire, options.getToken);
  const { clientId, clientSecret, issuer = `${baseUrl}/oidc` } = options;
  return keepToken(wire, { issuer: requireAddress('issuer', issuer), clientId, clientSecret });
}

function requireAddress(name: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const here = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (here && url.protocol === 'http:')) return url.href.replace(/\/$/, '');
  throw new WayleaveError('configuration-wrong', `${name} must be an https address, or http on this machine.`);
}

function readAnswers(body: unknown, most: number, clock: Clock): Answer[] {
  const { evaluations } = (body ?? {}) as { evaluations?: unknown };
  if (!Array.isArray(evaluations) || evaluations.length === 0 || evaluations.length > most) throw tooFew();
  return evaluations.map((one) => readAnswer(one, clock));
}

function readOutstanding(body: unknown): { outstanding: string[] } {
  const { outstanding } = (body ?? {}) as { outstanding?: unknown };
  if (Array.isArray(outstanding) && outstanding.every((id) => typeof id === 'string')) return { outstanding };
  throw new WayleaveError('answer-not-readable', 'Wayleave’s word on the duties cannot be read.');
}

const tooFew = (): WayleaveError =>
  new WayleaveError('answer-not-readable', 'Wayleave did not answer each of the questions.');
const notEvaluated = (): WayleaveError =>
  new WayleaveError('not-evaluated', 'The batch ended before this question was answered.');
const tooMany = (count: number): WayleaveError =>
  new WayleaveError('too-many-questions', `${count} questions were asked at once; ${mostQuestions} is the most.`);
