/** The end of authentication: everything asked for was proved. It is recorded before it is answered, or there is no sign-in. */
import type Koa from 'koa';
import { sql } from '../../platform/database/sql.ts';
import { change, type Change } from '../../platform/log/change.ts';
import { findActiveStanding } from '../context.ts';
import type { Credential, Credentials } from '../credentials/find_credentials.ts';
import { acrOf } from '../provider/levels.ts';
import type { SignIn } from '../sessions/sign_in.ts';
import { rememberDevice } from '../throttle/known_device.ts';
import { type Admitted, attemptFrom } from './admit.ts';
import { finish, renderStep, type SignInContext, stepOf } from './steps.ts';

/** What was proved: the password, and with `code` the one-time code. `used` answers one whose step was taken in the meantime. */
type Proof = {
  attempt: SignIn & { email: string };
  credentials: Credentials & { password: Credential };
  code?: { step: number; used: () => Promise<void>; admitted: Admitted };
};

type Authentication = {
  practitioner: string;
  acr: string;
  amr: string[];
  vouchedBy: string[];
  now: number;
  client: string;
};

/** Accepts the one-time code, records the sign-in and hands back to the provider; or says why it goes no further. */
export async function completeSignIn(context: SignInContext, ctx: Koa.Context, proof: Proof): Promise<void> {
  const { attempt, credentials, code } = proof;
  const { password } = credentials;
  const totp = code === undefined ? undefined : credentials.totp;
  const standing = await findActiveStanding(context, password.practitioner);
  if (standing === undefined) {
    renderStep(ctx, 'not-active.njk', { title: 'Your access has been stopped' });
    ctx.status = 403;
    return;
  }
  const authentication: Authentication = {
    practitioner: password.practitioner,
    acr: acrOf(totp === undefined ? 1 : 2),
    amr: totp === undefined ? ['pwd'] : ['pwd', 'otp', 'mfa'],
    vouchedBy: [...new Set([password.agency, ...(totp === undefined ? [] : [totp.agency])])],
    now: Math.floor(context.clock()),
    client: stepOf(ctx).client,
  };
  const agencies = [...new Set([...authentication.vouchedBy, ...standing.posts.map((post) => post.agency)])];
  if (!(await record(context, proof, authentication, agencies))) return code?.used();
  if (code !== undefined) await context.throttle.forgive(code.admitted);
  await context.throttle.succeeded(attemptFrom(context, ctx, attempt, credentials, 'code'));
  rememberDevice(context.config, ctx, credentials, context.clock());
  const { practitioner: accountId, acr, amr, now: ts } = authentication;
  await finish(ctx, { login: { accountId, acr, amr, ts, remember: false, signIn: attempt.id } });
}

/** One transaction: the code's step is taken, the attempt marked, the sign-in recorded. False: the step was taken already. */
function record(
  context: SignInContext,
  { attempt, credentials: { totp }, code }: Proof,
  done: Authentication,
  agencies: string[],
): Promise<boolean> {
  return change(context.log, totp === undefined ? {} : { agency: totp.agency }, async (tx) => {
    if (totp !== undefined && code !== undefined && !(await takeStep(tx, totp.id, code.step))) return false;
    await tx.query(sql`
      update sign_in set authenticated_at = to_timestamp(${done.now}), acr = ${done.acr}, amr = ${done.amr},
                         vouched_by = ${done.vouchedBy}, practitioner = ${done.practitioner}
      where id = ${attempt.id}`);
    tx.record({
      event: 'sign-in',
      actor: { practitioner: done.practitioner, client: done.client },
      agencies,
      subject: done.practitioner,
      content: { client: done.client, acr: done.acr, amr: done.amr, vouchedBy: done.vouchedBy },
    });
    return true;
  });
}

/** A code counts once, also when it is sent twice at the same moment. */
async function takeStep(tx: Change, credential: string, step: number): Promise<boolean> {
  const taken = await tx.query(sql`
    update credential set last_step = ${step}
    where id = ${credential} and (last_step is null or last_step < ${step}) returning 1`);
  return taken.length > 0;
}
