/** What every page of consent needs: who records, for which protocol, and the functions of the policy floor. */
import type Koa from 'koa';
import type { DutyDesk } from '../../directory/agencies/find_duty_desk.ts';
import { findDutyDesk } from '../../directory/agencies/find_duty_desk.ts';
import { checkRecorder, type Recorder } from '../../policy/decisions/consent/check_recorder.ts';
import { findSpokenOf } from '../../policy/decisions/consent/members.ts';
import type { ConsentContext } from '../../policy/decisions/consent/record_statement.ts';
import type { Protocol, Purpose } from '../../policy/register/protocols/document.ts';
import type { WebContext } from '../context.ts';
import { WebApplicationError } from '../errors.ts';
import type { Person } from '../session/person.ts';
import { personOf } from '../session/require_person.ts';

/** Who is looking at the page, as a recorder of statements. */
export function recorderOf({ actor, post }: Person): Extract<Recorder, { role: string }> {
  return { ...actor, role: post.role };
}

export function consentContext({ ground, register }: WebContext): ConsentContext {
  return { log: ground.log, register, clock: ground.clock, baseUrl: ground.config.baseUrl };
}

export type AskedAbout = { document: Protocol; hash: string; purpose: Purpose };

/** The protocol and purpose that a page is about; refuses those that the person has no part in. */
export function askedAbout(
  context: WebContext,
  ctx: Koa.Context,
  asked: { protocol: string; purpose: string },
): AskedAbout {
  const state = context.register.state();
  if (state === undefined) {
    throw new WebApplicationError(
      'unavailable',
      'register-damaged',
      'The register of signatures cannot be verified, so nothing is in force. Write the answer down on paper and record it later.',
    );
  }
  const protocol = findSpokenOf(state, asked.protocol);
  const purpose = protocol?.document.purposes.find(({ code }) => code === asked.purpose);
  if (protocol === undefined || purpose === undefined) {
    throw new WebApplicationError(
      'not-found',
      'protocol-unknown',
      'No signed protocol has such a purpose. Begin again from “Consent”.',
    );
  }
  checkRecorder(state, protocol, recorderOf(personOf(ctx)));
  return { document: protocol.document, hash: protocol.hash, purpose };
}

/** The address of the page that says what is asked for a purpose, and whom it is about. */
export function askedHref(protocol: string, purpose: string): string {
  return `/consent/record/${protocol}/${purpose}`;
}

/** The duty desk of the person's own team or agency: who to ring where somebody may come to harm. */
export function ownDutyDesk({ ground }: WebContext, { post }: Person): Promise<DutyDesk | undefined> {
  return findDutyDesk(ground.db, post.agency, post.team);
}
