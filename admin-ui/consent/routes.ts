/** Writing down what people say about sharing, and answering objections. */
import { answerOneObjection, listOpenObjections, showObjection } from './answer-objection/answer_objection.ts';
import { identifyPerson, showIdentifyPerson } from './identify-person/identify_person.ts';
import { printRecord } from './print-record/print_record.ts';
import { confirmStatement, readBack } from './read-back/read_back.ts';
import { sayWhatWasSaid, showStatementForm } from './say-what-was-said/say_what_was_said.ts';
import { seeWhatIsRecorded } from './see-what-is-recorded/see_what_is_recorded.ts';
import { startConsent } from './start/start_consent.ts';
import { requireOfficer, requireWatcher } from '../session/require_person.ts';
import type { WebContext } from '../context.ts';
import type { RouteSteps } from '../kit/route_steps.ts';

export function addConsentPages(context: WebContext, { get, post, person, form }: RouteSteps): void {
  get('/consent', person, startConsent(context));
  get('/consent/record/:protocol/:purpose', person, form, showIdentifyPerson(context));
  post('/consent/record/:protocol/:purpose', person, form, identifyPerson(context));
  get('/consent/people/:step', person, seeWhatIsRecorded(context));
  get('/consent/people/:step/:deed', person, form, showStatementForm(context));
  post('/consent/people/:step/:deed', person, form, sayWhatWasSaid(context));
  get('/consent/check/:step', person, form, readBack(context));
  post('/consent/check/:step', person, form, confirmStatement(context));
  get('/consent/recorded/:id', person, printRecord(context));
  get('/consent/objections', person, requireWatcher, listOpenObjections(context));
  get('/consent/objections/:id', person, requireWatcher, form, showObjection(context));
  post('/consent/objections/:id', person, requireOfficer, form, answerOneObjection(context));
}
