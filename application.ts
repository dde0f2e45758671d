/** Puts the floors together: interfaces, pages, jobs and checks, over one ground. Only this file and main.ts know all floors. */
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type Koa from 'koa';
import mount from 'koa-mount';
import { createIssuer } from './admin-ui/issuer.ts';
import { footer } from './admin-ui/public/about/about.ts';
import { webClient } from './admin-ui/session/web_client.ts';
import { removeEndedSessions } from './admin-ui/session/web_session.ts';
import { createWebApplication, webViews } from './admin-ui/web_application.ts';
import { codesViews, demoCodes } from './demo/codes/codes.ts';
import { demoKit, kitViews } from './demo/kit/kit.ts';
import { findKeyFile } from './demo/load/keys.ts';
import { onlyFromThisMachine } from './demo/this_machine.ts';
import { directoryOperations } from './directory/interface/operations.ts';
import { createIdentity, type Identity, identityViews } from './idp/identity.ts';
import type { Config } from './platform/config/config.ts';
import { listPendingMigrations } from './platform/migrate.ts';
import { PlatformError } from './platform/errors.ts';
import { type Ground, type GroundOptions, openGround } from './platform/ground.ts';
import { inRightTime } from './platform/jobs/in_right_time.ts';
import type { CronItem, Task } from './platform/jobs/worker.ts';
import { demoMail, mailViews } from './platform/mail/demo_mail.ts';
import { sendMailTaskName } from './platform/mail/enqueue.ts';
import { sendMailTask } from './platform/mail/send_mail.ts';
import { openMailTransport } from './platform/mail/transport.ts';
import { createMetrics, type Metrics } from './platform/telemetry/metrics.ts';
import { durabilityCheck, type ReadinessCheck } from './platform/telemetry/readiness.ts';
import { telemetryOperations } from './platform/telemetry/operations.ts';
import type { ApiOperation } from './platform/web/api.ts';
import { createAssets } from './platform/web/assets.ts';
import { dateReplies } from './platform/web/date_replies.ts';
import { openApiDocument } from './platform/web/openapi.ts';
import { createPipeline, type PipelineOptions } from './platform/web/pipeline.ts';
import { deleteExpiredLimits } from './platform/web/rate_limit.ts';
import { forgetForms } from './platform/web/take_once.ts';
import { serveApi } from './platform/web/serve_api.ts';
import { createViews } from './platform/web/views.ts';
import { mailCheckpoint } from './policy/decisions/audit/mail_checkpoint.ts';
import { auditOperations } from './policy/decisions/audit/operations.ts';
import { consentOperations } from './policy/decisions/consent/operations.ts';
import { accessOperations } from './policy/decisions/access/operations.ts';
import { openPolicy, type PolicyContext } from './policy/decisions/deciding/context.ts';
import { forgetOld } from './policy/decisions/forget_old.ts';
import { gatherDuties } from './policy/decisions/obligations/gather_duties.ts';
import { mailDuties } from './policy/decisions/obligations/mail_duties.ts';
import { obligationOperations } from './policy/decisions/obligations/operations.ts';
import { remindReviewers } from './policy/decisions/overrides/remind_reviewers.ts';
import { documentOperations } from './policy/governance/publications/operations.ts';
import { remindOfNewVersions } from './policy/governance/publications/remind.ts';
import { registerOperations } from './policy/register/interface/operations.ts';
import { type OpenRegister, openRegister } from './policy/register/ledger/open.ts';
import type { Register } from './policy/register/chain/state.ts';
import { remindParties } from './policy/governance/reminders/remind.ts';
import { templateOperations } from './policy/governance/templates/operations.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

export type Application = {
  /** Answers every request; listens nowhere by itself. */
  listener: RequestListener;
  ground: Ground;
  register: OpenRegister;
  policy: PolicyContext;
  identity: Identity;
  /** Every operation of our JSON interfaces, as `/openapi.json` describes them. */
  operations: ApiOperation[];
  /** What the worker runs, and when. */
  jobs: { tasks: Record<string, Task>; cron: CronItem[] };
  close(): Promise<void>;
};

/** `demo` adds the pages of the mailbox and of the one-time codes, which show what belongs to others. */
type ApplicationOptions = Omit<GroundOptions, 'registerHead'> & { demo: boolean };

/** Opens every floor. The database must have been migrated, and the federation's root key be in the configuration. */
export async function createApplication(config: Config, options: ApplicationOptions): Promise<Application> {
  // The log carries the register's head, and the register follows the log's fence: so the head is asked for late.
  const late: { register?: Register } = {};
  const ground = await openGround(config, { ...options, registerHead: () => late.register?.state()?.head.hash });
  const register = await openRegister(ground);
  late.register = register;
  const identity = await createIdentity(ground, [webClient(config).partner]);
  const policy = openPolicy(ground, register, identity.findPresence);
  const operations = [
    ...accessOperations(policy, ground),
    ...obligationOperations(ground),
    ...auditOperations(policy, ground),
    ...registerOperations(ground, register),
    ...templateOperations(),
    ...documentOperations(ground, register),
    ...consentOperations(ground, register),
    ...directoryOperations(ground),
  ];
  const metrics = createMetrics();
  metrics.watchPool('application', ground.db.pool);
  const web = webOptions(ground, metrics);
  const pages = createPages(web, { ground, register, policy, identity }, options);
  const telemetry = telemetryOperations({
    registry: metrics.registry,
    checks: readiness(ground, register),
    metrics: config.metrics,
  });
  const answered = [...operations, describeInterfaces(config, operations), ...telemetry];
  const listener = dateReplies(ground.clock, serveApi(answered, pages.callback(), web));
  const close = async (): Promise<void> => {
    await register.close();
    await ground.close();
  };
  return {
    listener,
    ground,
    register,
    policy,
    identity,
    operations,
    jobs: listJobs(ground, identity, register),
    close,
  };
}

/** What interfaces and pages share. */
function webOptions({ config, logger }: Ground, { measure }: Metrics): PipelineOptions {
  const { baseUrl, trustedProxies } = config;
  const assets = createAssets();
  const views = createViews({
    roots: [webViews, identityViews, mailViews, codesViews, kitViews],
    assets,
    layout: { footer, version },
    reload: config.reloadTemplates,
  });
  return { baseUrl, trustedProxies, logger, views, assets, measure };
}

type Floors = Pick<Application, 'ground' | 'register' | 'policy' | 'identity'>;

/** Pages, and `/oidc`. */
function createPages(web: PipelineOptions, floors: Floors, { demo }: ApplicationOptions): Koa {
  const { ground, identity } = floors;
  const { config } = ground;
  const app = createPipeline(web);
  app.use(mount('/oidc', identity.app));
  app.use(identity.routes);
  if (demo) {
    app.use(onlyFromThisMachine(demoMail(config), config.baseUrl));
    app.use(onlyFromThisMachine(demoCodes(config, ground.clock), config.baseUrl));
    app.use(onlyFromThisMachine(demoKit(ground.clock), config.baseUrl));
  }
  const client = webClient(config);
  const issuer = createIssuer({
    issuer: config.issuer,
    clientId: client.partner.clientId,
    clientSecret: client.secret,
    application: app,
  });
  const demoKeys = demo
    ? { keyFile: (agency: string, officer?: string) => findKeyFile(config.dataDir, agency, officer) }
    : {};
  app.use(createWebApplication({ ...floors, issuer, ...demoKeys }));
  return app;
}

function readiness({ db, log }: Ground, register: Register): ReadinessCheck[] {
  const migrations = async (): Promise<void> => {
    const pending = await listPendingMigrations(db);
    if (pending.length > 0) {
      throw new PlatformError(
        'unavailable',
        'migrations-pending',
        `The database lacks ${pending.join(', ')}. Start a process that migrates.`,
      );
    }
  };
  const verified = async (): Promise<void> => {
    if (register.state() === undefined) {
      throw new PlatformError(
        'unavailable',
        'register-damaged',
        'The register does not verify: nothing is in force. See /register.',
      );
    }
  };
  const clock = async (): Promise<string | undefined> => {
    const problem = log.followed.problem();
    if (problem !== undefined) throw problem;
    return log.followed.machineProblem();
  };
  return [
    durabilityCheck(db),
    { name: 'migrations', check: migrations },
    { name: 'register', check: verified },
    { name: 'clock', check: clock },
    { name: 'log', check: log.probe },
  ];
}

function describeInterfaces(config: Config, operations: ApiOperation[]): ApiOperation {
  const document = openApiDocument(operations, {
    title: 'Wayleave',
    version,
    description: 'Decisions, log, register and directory for partner systems.',
    baseUrl: config.baseUrl,
    tokenUrl: `${config.issuer}/token`,
    scopes: {
      decisions: 'Ask for decisions about records of the agencies that the system serves',
      'directory.read': 'Search the directory and open entries',
      consent: 'Record what people agree or object to, and read what is on record about one of them',
      'audit.read': 'Read decisions as recorded, with their proofs',
    },
  });
  return {
    method: 'get',
    path: '/openapi.json',
    summary: 'The OpenAPI document of all operations',
    tag: 'Interfaces',
    responses: { 200: { description: 'OpenAPI 3.1' } },
    handlers: [(ctx) => void (ctx.body = document)],
  };
}

function listJobs(ground: Ground, identity: Identity, register: Register): Application['jobs'] {
  const { config, db, log, clock, logger } = ground;
  const transport = openMailTransport({ ...config.mail, dataDir: config.dataDir });
  return {
    tasks: inRightTime(log, {
      ...identity.tasks,
      [sendMailTaskName]: sendMailTask(transport, logger),
      'remind-training': async () => void (await remindOfNewVersions(db, register, config.baseUrl)),
      'mail-checkpoint': async () => void (await mailCheckpoint(db, register, config.baseUrl)),
      'gather-duties': async () => void (await gatherDuties(db)),
      'mail-duties': async () => {
        await gatherDuties(db);
        await mailDuties(ground, register);
      },
      'remind-parties': async () => void (await remindParties(ground, register)),
      'remind-reviewers': async () => void (await remindReviewers(ground, register)),
      'forget-old': async () => forgetOld(ground),
      'clean-web': async () => {
        await deleteExpiredLimits(db, clock());
        await forgetForms(db);
        await removeEndedSessions(db, clock());
      },
    }),
    cron: [
      ...identity.cron,
      { task: 'clean-web', pattern: '*/10 * * * *' },
      { task: 'forget-old', pattern: '15 3 * * *', catchUp: 86_400 },
      { task: 'gather-duties', pattern: '*/10 * * * *' },
      // A night without a running process is made good within a day.
      { task: 'mail-checkpoint', pattern: '0 5 * * *', catchUp: 86_400 },
      { task: 'remind-training', pattern: '30 6 * * *', catchUp: 86_400 },
      { task: 'mail-duties', pattern: '0 6 * * *', catchUp: 86_400 },
      { task: 'remind-parties', pattern: '0 7 * * *', catchUp: 86_400 },
      { task: 'remind-reviewers', pattern: '0 6 * * *', catchUp: 86_400 },
    ],
  };
}
