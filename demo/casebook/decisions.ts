/** Asking Wayleave what this person may see: one question for each page that is opened, through the client for partner systems. */
import { type Answer, type Client, createClient, type Question } from '../../clients/typescript/src/index.ts';
import type { Case } from './cases.ts';
import type { Settings } from './options.ts';
import type { Session } from './sessions.ts';

export type { Answer, Client } from '../../clients/typescript/src/index.ts';
export type ClauseCited = Answer['context']['clauses'][number];
type OverrideAsked = NonNullable<NonNullable<Question['context']>['override']>;

export function createDecisions(settings: Settings): Client {
  const {
    wayleave: baseUrl,
    issuer,
    clientId,
    clientSecret,
    clock,
    timeout: timeoutMs,
    dutyDesk,
    say: warn,
  } = settings;
  return createClient({ baseUrl, issuer, clientId, clientSecret, clock, timeoutMs, dutyDesk, warn });
}

/** What is to be opened: a case, for a purpose, and in an emergency under an override. */
export type Opening = { record: Case; purpose: string; override?: OverrideAsked | undefined };

export function questionOf(settings: Settings, session: Session, { record, purpose, override }: Opening): Question {
  return {
    subject: { type: 'practitioner', id: session.subject },
    action: { name: 'read' },
    resource: {
      type: record.asset,
      id: record.reference,
      properties: { agency: settings.agency.code, data_subject: record.dataSubject, ...record.attributes },
    },
    context: { purpose, user_token: session.accessToken, ...(override && { override }) },
  };
}
