/** Where Wayleave answers what: its AuthZEN metadata, read when first needed and kept. */
import { WayleaveError } from './errors.ts';
import { type Deadline, failureOf, send, type Wire } from './transport.ts';

const names = [
  'access_evaluation_endpoint',
  'access_evaluations_endpoint',
  'search_subject_endpoint',
  'search_resource_endpoint',
  'search_action_endpoint',
] as const;
export type Metadata = Record<(typeof names)[number], string>;

/** Read again after a failure, so that a system may start before Wayleave. */
export function keepMetadata(wire: Wire, baseUrl: string): (deadline: Deadline) => Promise<Metadata> {
  let known: Promise<Metadata> | undefined;
  return async (deadline) => {
    known ??= readMetadata(wire, deadline, baseUrl);
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
}

async function readMetadata(wire: Wire, deadline: Deadline, baseUrl: string): Promise<Metadata> {
  const reply = await send(wire, deadline, `${baseUrl}/.well-known/authzen-configuration`, {
    headers: { accept: 'application/json' },
  });
  if (reply.status !== 200) throw failureOf(reply);
  const said = (reply.body ?? {}) as Record<string, unknown>;
  const { origin } = new URL(baseUrl);
  const own = (value: unknown): boolean =>
    typeof value === 'string' && URL.canParse(value) && new URL(value).origin === origin;
  // Tokens and people's data go to these addresses, so they must be Wayleave's own.
  if (said.policy_decision_point === baseUrl && names.every((name) => own(said[name]))) return said as Metadata;
  throw new WayleaveError('answer-not-readable', `What ${baseUrl} says of itself is not that of this decision point.`);
}
