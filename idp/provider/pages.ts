/** The pages that the provider itself shows: what went wrong in words, signing out, and signed out. */
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { render } from '../../platform/web/render.ts';

/** What the page for each of the library's errors says. Fixed words: nothing that was sent is shown but the error's name. */
const explanations: Record<string, { title: string; text: string }> = {
  lost: {
    title: 'This sign-in has ended',
    text: 'It was left open too long, was finished in another tab, or your browser did not send its cookies. Go back to the system that you wanted to open and start again there.',
  },
  invalid_client: {
    title: 'That system is not known here',
    text: 'The system that sent you is not registered with Wayleave, or its registration has been suspended. Tell the people who run it.',
  },
  invalid_redirect_uri: {
    title: 'That system sent a wrong return address',
    text: 'The address it wants you sent back to is not one that it is registered with. For your safety the sign-in stops here. Tell the people who run the system.',
  },
  access_denied: {
    title: 'The sign-in was stopped',
    text: 'Nothing was passed on. You can close this page or start again.',
  },
};

const general = {
  title: 'The sign-in could not be started',
  text: 'The system that sent you made a request that cannot be answered. Go back and try again. If it stays, tell the people who run that system the error below.',
};

/** The same for the library's routes of signing out: whatever was wrong there, the sign-in goes on. */
const notSignedOut: Record<string, { title: string; text: string }> = {
  end_session: {
    title: 'You were not signed out',
    text: 'The system that sent you here to sign out made a request that cannot be answered. To sign out, open Wayleave and choose “Sign out”. Tell the people who run that system the error below.',
  },
  end_session_confirm: {
    title: 'You were not signed out',
    text: 'The form was left open too long, or was sent from another tab. To sign out, open Wayleave and choose “Sign out”.',
  },
};

/** Shows an error that cannot be sent back to the partner system. */
export function renderError(ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): void {
  const lost = error.name === 'SessionNotFound';
  const words = notSignedOut[ctx.oidc?.route ?? ''] ?? explanations[lost ? 'lost' : out.error] ?? general;
  render(ctx, 'sign-in/problem.njk', {
    title: words.title,
    text: words.text,
    detail: lost ? undefined : [out.error, out.error_description].filter(Boolean).join(': '),
  });
}

/** Asks whether to sign out. `form` is the library's markup; the page has its own with the same fields. */
export function renderSignOut(ctx: KoaContextWithOIDC): void {
  const { session, client } = ctx.oidc;
  const state = session?.state as { secret: string } | undefined;
  render(ctx, 'sign-in/sign-out.njk', {
    title: 'Sign out',
    action: ctx.oidc.urlFor('end_session_confirm'),
    xsrf: state?.secret,
    partner: client?.clientName,
  });
}

/** Says that it is done. */
export function renderSignedOut(ctx: KoaContextWithOIDC): void {
  render(ctx, 'sign-in/signed-out.njk', {
    title: 'You are signed out',
    partner: ctx.oidc.client?.clientName,
  });
}
