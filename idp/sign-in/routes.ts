/** The pages of sign-in at `/sign-in/{uid}/…`: e-mail address, password, one-time code, post. None needs JavaScript. */
import Router from '@koa/router';
import type Koa from 'koa';
import { deriveSecret } from '../../platform/keys/derive.ts';
import { csrf } from '../../platform/web/csrf.ts';
import { cancelSignIn } from './cancel.ts';
import { showPosts, takePost } from './choose_post.ts';
import { showCode, takeCode } from './enter_code.ts';
import { showFirstPage, takeEmail } from './enter_email.ts';
import { showPassword, takePassword } from './enter_password.ts';
import { requireInteraction, type SignInContext } from './steps.ts';

/** The routes, with their guards: an interaction of this browser, and a form that we made. */
export function createSignInRoutes(context: SignInContext): Koa.Middleware {
  const { masterKey, baseUrl } = context.config;
  const forms = csrf({ secret: deriveSecret(masterKey, 'csrf'), baseUrl });
  const login = requireInteraction(context, 'login');
  const post = requireInteraction(context, 'select_post');
  const any = requireInteraction(context);
  const router = new Router({ prefix: '/sign-in/:uid' });
  router.get('/', any, forms, showFirstPage(context));
  router.post('/email', login, forms, takeEmail(context));
  router.get('/password', login, forms, showPassword(context));
  router.post('/password', login, forms, takePassword(context));
  router.get('/code', login, forms, showCode(context));
  router.post('/code', login, forms, takeCode(context));
  router.get('/post', post, forms, showPosts(context));
  router.post('/post', post, forms, takePost(context));
  router.post('/cancel', any, forms, cancelSignIn);
  return router.routes() as Koa.Middleware;
}
