/** The pages of signing, of officers and of keys, with their guards: who may sign what, the signed register itself says. */
import { answerAsked, showAsked } from './ask-passkey/ask_passkey.ts';
import type { WebContext } from '../context.ts';
import {
  beginCountersigning,
  downloadAccession,
  handInCountersignature,
  refuseAccession,
  showAccession,
} from './countersign-accession/countersign_accession.ts';
import { beginJoin, handInJoin, makeParty, showJoin } from './join-protocol/join_protocol.ts';
import { downloadRegister, listSigning } from './list-signing/list_signing.ts';
import { makeKey, registerOwnKey, showKeys } from './manage-keys/manage_keys.ts';
import { revoke, showRevoke } from './manage-keys/revoke_key.ts';
import {
  decideProposal,
  downloadAppointment,
  handInAppointment,
  showProposal,
} from './manage-officers/decide_proposal.ts';
import { end, showEnd } from './manage-officers/end_officer.ts';
import { listOfficers } from './manage-officers/list_officers.ts';
import { propose, showProposing } from './manage-officers/propose_officer.ts';
import { enrolPasskey, showEnrolment, showPasskey } from './my-passkey/my_passkey.ts';
import type { RouteSteps } from '../kit/route_steps.ts';
import { requireAdministrator, requireOfficer, requireWatcher } from '../session/require_person.ts';
import { downloadEvent, handInEvent, showOffline } from './sign-offline/sign_offline.ts';
import { beginSigning, downloadProtocol, handInProtocol, showText } from './sign-protocol/sign_protocol.ts';
import { requireOwnAgency } from './signatory.ts';
import { beginStop, handInStop, showStop } from './stop-protocol/stop_protocol.ts';
import { viewRegister } from './view-register/view_register.ts';

export function addSigningPages(context: WebContext, steps: RouteSteps): void {
  const { get, post, person, form } = steps;
  get('/passkey', person, showPasskey(context));
  get('/passkey/enrol', person, form, showEnrolment(context));
  post('/passkey/enrol/:ceremony', person, form, enrolPasskey(context));

  get('/signing', person, requireWatcher, listSigning(context));
  get('/signing/register.json', person, requireWatcher, downloadRegister(context));
  get('/signing/ask/:id', person, requireOfficer, form, showAsked(context));
  post('/signing/ask/:id', person, requireOfficer, form, answerAsked(context));
  get('/signing/accessions/:id', person, requireWatcher, form, showAccession(context));
  post('/signing/accessions/:id', person, requireOfficer, form, beginCountersigning(context));
  get('/signing/accessions/:id/file', person, requireWatcher, downloadAccession(context));
  post('/signing/accessions/:id/offline', person, requireWatcher, form, handInCountersignature(context));
  post('/signing/accessions/:id/refuse', person, requireOfficer, form, refuseAccession(context));
  get('/signing/:hash', person, requireWatcher, form, showText(context));
  post('/signing/:hash', person, requireOfficer, form, beginSigning(context));
  get('/signing/:hash/text', person, requireWatcher, downloadProtocol(context));
  post('/signing/:hash/offline', person, requireWatcher, form, handInProtocol(context));

  get('/register', person, requireWatcher, viewRegister(context));

  get('/protocols/:id/:version/stop', person, requireWatcher, form, showStop(context));
  post('/protocols/:id/:version/stop', person, requireOfficer, form, beginStop(context));
  post('/protocols/:id/:version/stop/offline', person, requireWatcher, form, handInStop(context));
  get('/protocols/:id/:version/join', person, requireWatcher, form, showJoin(context));
  post('/protocols/:id/:version/join', person, requireOfficer, form, beginJoin(context));
  post('/protocols/:id/:version/join/party', person, requireWatcher, form, makeParty(context));
  post('/protocols/:id/:version/join/offline', person, requireWatcher, form, handInJoin(context));
  addAdministrationPages(context, steps);
}

function addAdministrationPages(context: WebContext, { get, post, person, form }: RouteSteps): void {
  const administrator = requireAdministrator;
  const own = requireOwnAgency;
  get('/agencies/:code/officers', person, administrator, own, listOfficers(context));
  get('/agencies/:code/officers/propose', person, administrator, own, form, showProposing(context));
  post('/agencies/:code/officers/propose', person, administrator, own, form, propose(context));
  get('/agencies/:code/officers/end/:practitioner', person, administrator, own, form, showEnd(context));
  post('/agencies/:code/officers/end/:practitioner', person, administrator, own, form, end(context));
  get('/agencies/:code/officers/proposals/:id', person, administrator, own, form, showProposal(context));
  get('/agencies/:code/officers/proposals/:id/event.json', person, administrator, own, downloadAppointment(context));
  post('/agencies/:code/officers/proposals/:id/offline', person, administrator, own, form, handInAppointment(context));
  post('/agencies/:code/officers/proposals/:id/:deed', person, administrator, own, form, decideProposal(context));

  get('/agencies/:code/keys', person, administrator, own, form, showKeys(context));
  post('/agencies/:code/keys/held', person, administrator, own, form, makeKey(context));
  post('/agencies/:code/keys/own', person, administrator, own, form, registerOwnKey(context));
  get('/agencies/:code/keys/:kid/revoke', person, administrator, own, form, showRevoke(context));
  post('/agencies/:code/keys/:kid/revoke', person, administrator, own, form, revoke(context));

  get('/agencies/:code/sign-offline', person, administrator, own, form, showOffline(context));
  get('/agencies/:code/sign-offline/event.json', person, administrator, own, downloadEvent(context));
  post('/agencies/:code/sign-offline', person, administrator, own, form, handInEvent(context));
}
