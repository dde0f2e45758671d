/** The configuration of one process. Nothing else reads the environment. */
import path from 'node:path';
import type { JWK } from 'jose';
import type { z } from 'zod';
import '../schema_words.ts';
import { type InputIssue, PlatformError } from '../errors.ts';
import { developmentEnvironment, type Environment, productionEnvironment } from './environment.ts';
import { checkCertificates, developmentMasterKey, developmentRootKey, readTls, type Tls } from './files.ts';

export type Config = {
  mode: 'development' | 'production' | 'test';
  /** Where people reach the service, without a slash at the end. */
  baseUrl: string;
  issuer: string;
  /** `asked`: this port or none; without it the default, or the next free one. */
  port: { asked?: number; default: number };
  casebook: { asked?: number; default: number };
  /** Absolute. */
  dataDir: string;
  /** As the owner; absent: the embedded PostgreSQL. */
  databaseUrl?: string;
  databaseDirectUrl?: string;
  /** 32 bytes: the key-encryption key. */
  masterKey: Buffer;
  federation: { name: string; rootKey?: JWK };
  worker: 'in-process' | 'separate' | 'only';
  demo: 'auto' | 'yes' | 'no';
  mail: { from: string; smtpUrl?: string };
  /** Cost of argon2id; memory in KiB. */
  passwordHash: { memoryCost: number; timeCost: number; parallelism: number };
  logLevel: string;
  reloadTemplates: boolean;
  /** Proxies of our own in front. */
  trustedProxies: number;
  /** How many days what grows for ever is kept. */
  keepDays: { changeFeed: number; lookUps: number; duties: number; reviewTexts: number };
  /** Who may read `/metrics`: anybody, whoever has the token, or nobody. */
  metrics: { open: boolean; token?: string };
  tls?: Tls;
};

const DEFAULT_PORT = 4000;
const DEFAULT_CASEBOOK_PORT = 4001;

/**
 * Reads the configuration, or throws `configuration-invalid` with every variable that is missing or wrong. Values are
 * never quoted: they may be secrets. In development it keeps a master key of its own in the data folder.
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  // An empty variable is one that was not set: that is what `docker compose` makes of an absent one.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const schema = given.NODE_ENV === 'production' ? productionEnvironment : developmentEnvironment;
  const parsed = schema.safeParse(given);
  const issues = parsed.success ? [] : parsed.error.issues.map((issue) => describe(issue, given));
  if ((given.TLS_CERT_FILE === undefined) !== (given.TLS_KEY_FILE === undefined)) {
    issues.push({ pointer: 'TLS_CERT_FILE', message: 'and TLS_KEY_FILE must be set together' });
  }
  if (given.TLS_CERT_FILE !== undefined && given.BASE_URL !== undefined && /^http:/i.test(given.BASE_URL.trim())) {
    issues.push({ pointer: 'BASE_URL', message: 'must begin with https://, for this process serves TLS itself' });
  }
  if (given.DATABASE_DIRECT_URL !== undefined && given.DATABASE_URL === undefined) {
    issues.push({
      pointer: 'DATABASE_URL',
      message: 'must be set where DATABASE_DIRECT_URL is: they lead to one database',
    });
  }
  if (!parsed.success || issues.length > 0) throw invalid(issues, given.NODE_ENV === 'production');
  return assemble(parsed.data);
}

/** The configuration once the port is known: the default address of the service follows the port it got. */
export function atPort(config: Config, port: number): Config {
  const address = defaultBaseUrl(config.port.asked ?? config.port.default, config.tls !== undefined);
  return config.baseUrl === address
    ? { ...config, ...addresses(defaultBaseUrl(port, config.tls !== undefined)) }
    : config;
}

function assemble(env: Environment): Config {
  const dataDir = path.resolve(env.DATA_DIR);
  checkCertificates('DATABASE_URL', env.DATABASE_URL);
  checkCertificates('DATABASE_DIRECT_URL', env.DATABASE_DIRECT_URL);
  const tls = readTls(env.TLS_CERT_FILE, env.TLS_KEY_FILE);
  // With an address of its own, or in production, another port than the expected one would only mislead.
  const asked = env.PORT ?? (env.BASE_URL !== undefined ? DEFAULT_PORT : undefined);
  const rootKey =
    (env.FEDERATION_ROOT_KEY as JWK | undefined) ??
    (env.NODE_ENV === 'production' ? undefined : developmentRootKey(dataDir));
  return {
    mode: env.NODE_ENV,
    ...addresses(env.BASE_URL ?? defaultBaseUrl(asked ?? DEFAULT_PORT, tls !== undefined)),
    port: { ...present('asked', asked), default: DEFAULT_PORT },
    casebook: { ...present('asked', env.CASEBOOK_PORT), default: DEFAULT_CASEBOOK_PORT },
    dataDir,
    ...present('databaseUrl', env.DATABASE_URL),
    ...present('databaseDirectUrl', env.DATABASE_DIRECT_URL),
    masterKey:
      env.KEY_ENCRYPTION_KEY === undefined
        ? developmentMasterKey(dataDir)
        : Buffer.from(env.KEY_ENCRYPTION_KEY, 'base64'),
    federation: { name: env.FEDERATION_NAME, ...present('rootKey', rootKey) },
    worker: env.WORKER,
    demo: env.DEMO === 'auto' ? 'auto' : env.DEMO ? 'yes' : 'no',
    mail: { from: env.MAIL_FROM, ...present('smtpUrl', env.MAIL_SMTP_URL) },
    passwordHash: passwordHash(env),
    logLevel: env.LOG_LEVEL ?? (env.NODE_ENV === 'development' ? 'warn' : 'info'),
    reloadTemplates: env.RELOAD_TEMPLATES,
    trustedProxies: env.TRUSTED_PROXIES,
    keepDays: {
      changeFeed: env.KEEP_CHANGE_FEED_DAYS,
      lookUps: env.KEEP_LOOK_UPS_DAYS,
      duties: env.KEEP_DUTIES_DAYS,
      reviewTexts: env.KEEP_REVIEW_TEXTS_DAYS,
    },
    metrics: {
      open: env.METRICS_TOKEN === undefined && env.NODE_ENV !== 'production',
      ...present('token', env.METRICS_TOKEN),
    },
    ...present('tls', tls),
  };
}

/** OWASP's first choice for argon2id; in tests the least that the algorithm takes. */
function passwordHash(env: Environment): Config['passwordHash'] {
  const usual = env.NODE_ENV === 'test' ? { memory: 1024, time: 1 } : { memory: 19_456, time: 2 };
  return {
    memoryCost: env.PASSWORD_HASH_MEMORY ?? usual.memory,
    timeCost: env.PASSWORD_HASH_TIME ?? usual.time,
    parallelism: env.PASSWORD_HASH_PARALLELISM ?? 1,
  };
}

function addresses(baseUrl: string): Pick<Config, 'baseUrl' | 'issuer'> {
  return { baseUrl, issuer: `${baseUrl}/oidc` };
}

function defaultBaseUrl(port: number, tls: boolean): string {
  return `${tls ? 'https' : 'http'}://localhost:${port}`;
}

/** A property that is there only when it has a value. */
function present<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}

function describe(issue: z.core.$ZodIssue, given: Record<string, unknown>): InputIssue {
  const pointer = String(issue.path[0]);
  return { pointer, message: given[pointer] === undefined ? 'is missing' : issue.message };
}

function invalid(issues: InputIssue[], production: boolean): PlatformError {
  const lines = issues.map(({ pointer, message }) => `  ${pointer} ${message}`);
  const heading = production ? 'The configuration cannot be used in production:' : 'The configuration cannot be used:';
  const advice = 'Set these environment variables; platform/config/environment.ts describes each.';
  return new PlatformError('invalid', 'configuration-invalid', [heading, ...lines, advice].join('\n'), { issues });
}
