/** What anybody may read, signed in or not: agreements in force and what they say about people's data; and the way in and out. */
import { render } from '../../platform/web/render.ts';
import { documentKinds, kindPath } from '../../policy/governance/publications/kinds.ts';
import { aboutPages } from './about/about.ts';
import { listAgreements } from './list-agreements/list_agreements.ts';
import { listPublished } from './list-published/list_published.ts';
import { readDocument } from './read-document/read_document.ts';
import { viewAgreement } from './view-agreement/view_agreement.ts';
import { beginSignIn } from '../session/begin_sign_in.ts';
import { finishSignIn } from '../session/finish_sign_in.ts';
import { anybody } from '../session/public_layout.ts';
import { showSignedOut, signOut } from '../session/sign_out.ts';
import type { WebContext } from '../context.ts';
import type { RouteSteps } from '../kit/route_steps.ts';

export function addPublicPages(context: WebContext, { get }: RouteSteps): void {
  get('/welcome', (ctx) => render(ctx, 'public/welcome/welcome.njk', { title: 'Know who you are sharing with' }));
  get('/sign-in', beginSignIn(context));
  get('/callback', finishSignIn(context));
  get('/sign-out', signOut(context));
  get('/signed-out', showSignedOut(context));
  for (const { href, show } of aboutPages) get(href, anybody, show);
  get('/agreements', anybody, listAgreements(context));
  get('/agreements/:id', anybody, viewAgreement(context));
  for (const kind of documentKinds) {
    get(`/agreements/:id/${kindPath(kind)}/:agency`, anybody, readDocument(context, kind));
  }
  get('/privacy/:agency', anybody, listPublished(context));
}
