/** Consent for partner systems: recording what people said, and reading what is on record about one person. */
import type { z } from 'zod';
import { callerOf, type CallerGround, catchUp, requireCaller } from '../../../directory/partners/require_caller.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log/log.ts';
import type { ApiContext, ApiOperation, ApiStep } from '../../../platform/web/api.ts';
import { bodyOf } from '../../../platform/web/input.ts';
import { PolicyError } from '../../errors.ts';
import { createPseudonym, type Pseudonymise } from '../involvement/pseudonym.ts';
import type { Register } from '../../register/chain/state.ts';
import type { Recorder } from './check_recorder.ts';
import { lookUpStatements, type RecordedStatement, type WhatCounts } from './list_statements.ts';
import { type ConsentContext, recordStatement } from './record_statement.ts';
import { FindBody, FindResponse, StatementBody, StatementResponse } from './shapes.ts';
import type { Statement } from './statement.ts';

type ConsentGround = CallerGround & { log: Log; clock: Clock; config: { masterKey: Buffer; baseUrl: string } };

const tag = 'Consent';
const security = ['consent'];
const refusals = {
  400: { description: 'Something is missing, or was said by somebody who cannot decide it' },
  401: { description: 'No valid access token of a partner system' },
  403: { description: 'Not an agency of this system’s, or one that takes no part in the protocol' },
  409: { description: 'The protocol is not in force, or the id belongs to another statement' },
  503: { description: 'Nothing could be recorded, so nothing was done or shown' },
};

/** Both operations take the data subject in the body: an identifier never stands in an address. */
export function consentOperations(ground: ConsentGround, register: Pick<Register, 'state'>): ApiOperation[] {
  const context: ConsentContext = {
    log: ground.log,
    register,
    clock: ground.clock,
    baseUrl: ground.config.baseUrl,
  };
  const pseudonym = createPseudonym(ground.config.masterKey);
  const guards = [requireCaller(ground, 'consent')];
  const fresh = catchUp(ground.log);
  return [
    {
      method: 'post',
      path: '/policy/v1/consents',
      summary: 'Record that somebody agreed, refused, took it back or objected',
      description: 'It holds for every decision that is asked for after this has answered.',
      tag,
      security,
      guards,
      body: StatementBody,
      responses: { 200: { description: 'Recorded', schema: StatementResponse }, ...refusals },
      handlers: [fresh, record(context, pseudonym)],
    },
    {
      method: 'post',
      path: '/policy/v1/consents/find',
      summary: 'What is on record about one person under one protocol',
      description: 'The look-up is written into the log.',
      tag,
      security,
      guards,
      body: FindBody,
      responses: { 200: { description: 'Every statement, and what counts now', schema: FindResponse }, ...refusals },
      handlers: [fresh, find(context, pseudonym)],
    },
  ];
}

function record(context: ConsentContext, pseudonym: Pseudonymise): ApiStep {
  return async (ctx) => {
    const body = bodyOf(ctx, StatementBody);
    const id = await recordStatement(context, recorderOf(ctx, body.agency), toStatement(body, pseudonym));
    ctx.body = { id };
  };
}

function find(context: ConsentContext, pseudonym: Pseudonymise): ApiStep {
  return async (ctx) => {
    const { agency, data_subject: dataSubject, protocol } = bodyOf(ctx, FindBody);
    const about = { subject: pseudonym(dataSubject), protocol };
    const { statements, counts } = await lookUpStatements(context, recorderOf(ctx, agency), about);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { statements: statements.map(describe), standing: counts.map(describeCounting) };
  };
}

/** The agency that the system speaks for: it must answer for it. */
function recorderOf(ctx: ApiContext, agency: string): Recorder {
  const { clientId, partner } = callerOf(ctx);
  if (agency === partner.agency || partner.holds.includes(agency)) return { agency, service: clientId };
  throw new PolicyError(
    'forbidden',
    'not-your-agency',
    'This system neither belongs to that agency nor holds its records, so it cannot record for it.',
  );
}

function toStatement(body: z.output<typeof StatementBody>, pseudonym: Pseudonymise): Statement {
  const { id, clause, purpose, until, authority } = body;
  const scope = clause !== undefined ? { clause } : purpose !== undefined ? { purpose } : undefined;
  return {
    ...(id !== undefined && { id }),
    subject: pseudonym(body.data_subject),
    protocol: body.protocol,
    basis: body.basis,
    ...(scope && { scope }),
    state: body.state,
    saidAt: body.said_at,
    ...(until !== undefined && { until }),
    givenBy: body.given_by,
    capacity: body.capacity,
    ...(authority && { authority }),
    ...(body.child_view && { childView: body.child_view }),
    ...(body.not_asked_because && { notAskedBecause: body.not_asked_because }),
    wording: body.wording,
    language: body.language,
  };
}

function describe(statement: RecordedStatement) {
  const { id, agency, state, basis, clause, purpose, until, capacity, authority, wording, language } = statement;
  return {
    id,
    agency,
    state,
    basis,
    clause,
    purpose,
    said_at: statement.saidAt,
    until,
    given_by: statement.givenBy,
    capacity,
    authority,
    child_view: statement.childView,
    not_asked_because: statement.notAskedBecause,
    wording,
    language,
    recorded_at: statement.recordedAt,
    recorded_by: statement.recordedBy,
  };
}

function describeCounting({ clause, purpose, state, until }: WhatCounts) {
  return { clause: clause.id, purpose, state, ...(until !== undefined && { until }) };
}
