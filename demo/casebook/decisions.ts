/** Asking Wayleave what this person may see: OpenID AuthZEN over HTTP, one question for each page that is opened. */
import { z } from 'zod';
import type { Case } from './cases.ts';
import { outage } from './errors.ts';
import type { Settings } from './options.ts';
import type { Provider } from './provider.ts';
import type { Session } from './sessions.ts';

const clause = z.looseObject({ protocol: z.string(), version: z.number(), clause: z.string() });
const desk = z.looseObject({ name: z.string(), phone: z.string(), hours: z.string().optional() });

/** What Casebook reads of an answer; anything else in it is left alone. */
const Answer = z.looseObject({
  decision: z.boolean(),
  context: z.looseObject({
    id: z.string(),
    fields: z.array(z.string()).default([]),
    withheld: z
      .array(z.looseObject({ field: z.string(), reason: z.string(), text: z.string(), clause: clause.optional() }))
      .default([]),
    reason: z.looseObject({ code: z.string(), text: z.string() }),
    clauses: z.array(clause).default([]),
    obligations: z
      .array(
        z.looseObject({ id: z.string(), type: z.string(), properties: z.record(z.string(), z.unknown()).default({}) }),
      )
      .default([]),
    missing: z.array(z.looseObject({ need: z.string(), text: z.string() })).default([]),
    duty_desk: desk.optional(),
    valid_until: z.union([z.number(), z.string()]).optional(),
  }),
});
export type Answer = z.infer<typeof Answer>;
export type ClauseCited = z.infer<typeof clause>;

/** Asks once; throws `outage` when there is no answer that can be relied on. Nothing is shown then. */
export async function askDecision(
  settings: Settings,
  provider: Provider,
  session: Session,
  question: { case: Case; purpose: string },
): Promise<Answer> {
  const body = JSON.stringify(toRequest(settings, session, question));
  let response = await post(settings, await provider.ownToken(), body);
  // Keys may have rotated, or Wayleave restarted: one new token, once.
  if (response.status === 401) response = await post(settings, await provider.ownToken(true), body);
  if (response.status !== 200) throw outage(new Error(`Wayleave answered ${response.status}`));
  const parsed = Answer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw outage(new Error('Wayleave’s answer could not be read'));
  return parsed.data;
}

function toRequest(settings: Settings, session: Session, { case: record, purpose }: { case: Case; purpose: string }) {
  return {
    subject: { type: 'practitioner', id: session.subject },
    action: { name: 'read' },
    resource: {
      type: record.asset,
      id: record.reference,
      properties: { agency: settings.agency.code, data_subject: record.dataSubject, ...record.attributes },
    },
    context: { purpose, user_token: session.accessToken },
  };
}

async function post(settings: Settings, token: string, body: string): Promise<Response> {
  try {
    return await fetch(`${settings.wayleave}/access/v1/evaluation`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body,
      signal: AbortSignal.timeout(settings.timeout),
    });
  } catch (error) {
    throw outage(error);
  }
}
