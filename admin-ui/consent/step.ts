/** What goes from page to page while a statement is written down: sealed in the address, so that nothing is stored before it is read back. */
import type Koa from 'koa';
import { seal, unseal } from '../../platform/keys/envelope.ts';
import type { IdentifierScheme } from '../../policy/decisions/consent/identifiers.ts';
import type { Statement } from '../../policy/decisions/consent/statement.ts';
import type { WebContext } from '../context.ts';
import { WebApplicationError } from '../errors.ts';
import type { Person } from '../session/person.ts';
import { personOf } from '../session/require_person.ts';

/** `subject` is the pseudonym: the number itself is in no step. `answers`: as typed in the form of the last page. */
export type ConsentStep = {
  subject: string;
  scheme: IdentifierScheme;
  protocol: string;
  purpose: string;
  statement?: Statement & { id: string };
  answers?: Record<string, string>;
};

const lifetime = 60 * 60;

/** A step as it stands in an address, for this person in this post alone and for an hour. */
export function sealStep({ ground }: WebContext, person: Person, step: ConsentStep): string {
  const content = JSON.stringify({ ...step, until: ground.clock() + lifetime });
  return seal(ground.config.masterKey, label(person), Buffer.from(content)).toString('base64url');
}

/** The step of the address; `step-ended` for one that is too old, of somebody else or changed. */
export function openStep(context: WebContext, ctx: Koa.Context): ConsentStep {
  const { step: sealed = '' } = ctx.params as { step?: string };
  const step = unsealed(context, personOf(ctx), sealed);
  if (step !== undefined && context.ground.clock() < step.until) return step;
  throw new WebApplicationError(
    'not-found',
    'step-ended',
    'This page was open for more than an hour, or it belongs to another person or post. Nothing was recorded. Begin again from “Consent”.',
  );
}

function unsealed(
  { ground }: WebContext,
  person: Person,
  sealed: string,
): (ConsentStep & { until: number }) | undefined {
  try {
    const bytes = unseal(ground.config.masterKey, label(person), Buffer.from(sealed, 'base64url'));
    return JSON.parse(bytes.toString()) as ConsentStep & { until: number };
  } catch {
    return undefined;
  }
}

const label = ({ practitioner, post }: Person): string => `consent step of ${practitioner} in ${post.id}`;
