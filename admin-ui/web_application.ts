/** The web application for people: every page, with its guards in the route line. */
import Router, { type RouterMiddleware } from '@koa/router';
import type Koa from 'koa';
import { deriveSecret } from '../platform/keys/derive.ts';
import { ServiceError } from '../platform/errors.ts';
import { csrf } from '../platform/web/csrf.ts';
import type { ErrorNote } from '../platform/web/errors.ts';
import { render } from '../platform/web/render.ts';
import { documentKinds, kindPath } from '../policy/governance/publications/kinds.ts';
import { acknowledgeTraining, showTraining } from './protocols/acknowledge-training/acknowledge_training.ts';
import { browseLog } from './log/browse-log/browse_log.ts';
import { changePost, showPost } from './people/change-post/change_post.ts';
import { answerOneObjection, listOpenObjections, showObjection } from './consent/answer-objection/answer_objection.ts';
import { identifyPerson, showIdentifyPerson } from './consent/identify-person/identify_person.ts';
import { printRecord } from './consent/print-record/print_record.ts';
import { confirmStatement, readBack } from './consent/read-back/read_back.ts';
import { sayWhatWasSaid, showStatementForm } from './consent/say-what-was-said/say_what_was_said.ts';
import { seeWhatIsRecorded } from './consent/see-what-is-recorded/see_what_is_recorded.ts';
import { startConsent } from './consent/start/start_consent.ts';
import { closeReview, showReview } from './decisions/close-review/close_review.ts';
import type { WebContext } from './context.ts';
import { addDraftPages } from './drafts/routes.ts';
import { typedBefore } from './kit/typed_before.ts';
import { explainDecision } from './decisions/explain-decision/explain_decision.ts';
import { home } from './home/home.ts';
import { listAgencies } from './directory/list-agencies/list_agencies.ts';
import { listAgreements } from './public/list-agreements/list_agreements.ts';
import { downloadAssets, listAssets } from './protocols/list-assets/list_assets.ts';
import { listDuties } from './decisions/list-duties/list_duties.ts';
import { listPosts } from './people/list-posts/list_posts.ts';
import { listProtocols } from './protocols/list-protocols/list_protocols.ts';
import { listPublished } from './public/list-published/list_published.ts';
import { listTrained } from './protocols/list-trained/list_trained.ts';
import { drawMap, mapFlows } from './protocols/map-flows/map_flows.ts';
import { myOverrides } from './decisions/my-overrides/my_overrides.ts';
import { overrideStatistics } from './decisions/override-statistics/override_statistics.ts';
import { requireReviewer } from './decisions/review-overrides/require_reviewer.ts';
import { reviewOverrides } from './decisions/review-overrides/review_overrides.ts';
import {
  decidePublication,
  listPublications,
  showPublication,
} from './protocols/publish-documents/publish_documents.ts';
import { readDocument } from './public/read-document/read_document.ts';
import { readGuide } from './protocols/read-guide/read_guide.ts';
import { searchDirectory } from './directory/search-directory/search_directory.ts';
import { beginSignIn } from './session/begin_sign_in.ts';
import { readSessionCookie } from './session/cookies.ts';
import { anybody } from './session/public_layout.ts';
import { finishSignIn } from './session/finish_sign_in.ts';
import { requireAdministrator, requireOfficer, requirePerson } from './session/require_person.ts';
import { showSignedOut, signOut } from './session/sign_out.ts';
import { addSigningPages } from './signing/routes.ts';
import { startTrial, tryDecision } from './decisions/try-decision/try_decision.ts';
import { viewAgency } from './directory/view-agency/view_agency.ts';
import { viewAgreement } from './public/view-agreement/view_agreement.ts';
import { viewLogEntry } from './log/view-log-entry/view_log_entry.ts';
import { viewPractitioner } from './directory/view-practitioner/view_practitioner.ts';
import { viewProtocol } from './protocols/view-protocol/view_protocol.ts';
import { viewRegister } from './signing/view-register/view_register.ts';
import { whoCanSee } from './decisions/who-can-see/who_can_see.ts';

/** The templates of this floor, for `createViews`. */
export const webViews = import.meta.dirname;

/** The pages as one middleware. Paths that are none of its own go on to whatever stands behind it. */
export function createWebApplication(context: WebContext): Koa.Middleware {
  const { config } = context.ground;
  const person = requirePerson(context);
  const form = csrf({
    secret: deriveSecret(config.masterKey, 'csrf web application'),
    baseUrl: config.baseUrl,
    cookie: 'wayleave-web-csrf',
    session: (ctx) => readSessionCookie(context, ctx),
  });
  const router = new Router();
  const get = (path: string, ...steps: (Koa.Middleware | Koa.Middleware[])[]): void =>
    void router.get(path, ...(steps.flat() as RouterMiddleware[]));
  const post = (path: string, ...steps: (Koa.Middleware | Koa.Middleware[])[]): void =>
    void router.post(path, ...(steps.flat() as RouterMiddleware[]));

  get('/welcome', (ctx) => render(ctx, 'public/welcome/welcome.njk', { title: 'Know who you are sharing with' }));
  get('/sign-in', beginSignIn(context));
  get('/callback', finishSignIn(context));
  get('/sign-out', signOut(context));
  get('/signed-out', showSignedOut(context));

  get('/agreements', anybody, listAgreements(context));
  get('/agreements/:id', anybody, viewAgreement(context));
  for (const kind of documentKinds) {
    get(`/agreements/:id/${kindPath(kind)}/:agency`, anybody, readDocument(context, kind));
  }
  get('/privacy/:agency', anybody, listPublished(context));

  get('/', person, home(context));
  get('/directory', person, searchDirectory(context));
  get('/directory/:id', person, viewPractitioner(context));
  get('/decisions/:id', person, explainDecision(context));
  get('/protocols', person, listProtocols(context));
  get('/protocols/:id/:version', person, viewProtocol(context));
  get('/protocols/:id/:version/guide', person, form, readGuide(context));
  get('/protocols/:id/:version/documents', person, listPublications(context));
  get('/protocols/:id/:version/documents/:kind', person, form, showPublication(context));
  post('/protocols/:id/:version/documents/:kind', person, form, decidePublication(context));
  get('/training', person, showTraining(context));
  post('/training', person, form, acknowledgeTraining(context));
  get('/training/people', person, requireAdministrator, listTrained(context));
  get('/assets', person, listAssets(context));
  get('/assets.csv', person, downloadAssets(context));
  get('/flows', person, mapFlows(context));
  get('/flows.svg', person, drawMap(context));
  addDraftPages(context, { get, post, person, form });
  addSigningPages(context, { get, post, person, form });

  get('/agencies', person, listAgencies(context));
  get('/agencies/:code', person, viewAgency(context));

  get('/consent', person, startConsent(context));
  get('/consent/record/:protocol/:purpose', person, form, showIdentifyPerson(context));
  post('/consent/record/:protocol/:purpose', person, form, identifyPerson(context));
  get('/consent/people/:step', person, seeWhatIsRecorded(context));
  get('/consent/people/:step/:deed', person, form, showStatementForm(context));
  post('/consent/people/:step/:deed', person, form, sayWhatWasSaid(context));
  get('/consent/check/:step', person, form, readBack(context));
  post('/consent/check/:step', person, form, confirmStatement(context));
  get('/consent/recorded/:id', person, printRecord(context));
  get('/consent/objections', person, requireOfficer, listOpenObjections(context));
  get('/consent/objections/:id', person, requireOfficer, form, showObjection(context));
  post('/consent/objections/:id', person, requireOfficer, form, answerOneObjection(context));

  get('/log', person, requireOfficer, browseLog(context));
  get('/log/:id', person, requireOfficer, viewLogEntry(context));
  get('/register', person, requireOfficer, viewRegister(context));

  get('/try-a-decision', person, requireOfficer, form, startTrial(context));
  post('/try-a-decision', person, requireOfficer, form, tryDecision(context));
  get('/who-can-see', person, requireOfficer, whoCanSee(context));

  get('/my-overrides', person, myOverrides(context));
  get('/reviews', person, requireReviewer, reviewOverrides(context));
  get('/reviews/statistics', person, requireReviewer, overrideStatistics(context));
  get('/reviews/:id', person, requireReviewer, form, showReview(context));
  post('/reviews/:id', person, requireReviewer, form, closeReview(context));
  get('/duties', person, requireOfficer, listDuties(context));

  get('/posts', person, requireAdministrator, listPosts(context));
  get('/posts/:id', person, requireAdministrator, form, showPost(context));
  post('/posts/:id', person, requireAdministrator, form, changePost(context));
  const routes = router.routes() as unknown as Koa.Middleware;
  return async (ctx, next) => {
    try {
      await routes(ctx, next);
    } catch (error) {
      ctx.state.errorNote = await noteFor(ctx, error);
      throw error;
    }
  };
}

async function noteFor(ctx: Koa.Context, error: unknown): Promise<ErrorNote | undefined> {
  if (!(error instanceof ServiceError)) return undefined;
  return error.kind === 'unavailable' ? outageNote : typedBefore(ctx);
}

/** An outage here must not keep anybody from acting (DESIGN section 5). */
const outageNote: ErrorNote = {
  heading: 'If somebody may come to serious harm',
  text: 'Do not wait for this service. Ring the agency that can help, or 999: the law may allow or require you to share what you know, whatever a system says.',
};
