/** The environment variables that Wayleave reads: one schema, which is also their documentation. */
import { z } from 'zod';
import { inAscii, readBaseUrl, readMailServer, type Wrong } from './addresses.ts';
import { readDatabase } from './database_address.ts';

const KEY_FORM = 'must be 32 random bytes in base64: openssl rand -base64 32';
const port = z.coerce
  .number('must be a port number')
  .int('must be a port number')
  .min(0, 'must be 0 to 65535')
  .max(65_535, 'must be 0 to 65535');
const count = (least: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(least, `must be at least ${least}`);
const yesOrNo = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['yes', 'no', 'true', 'false', '1', '0'], 'must be yes or no'))
  .transform((word) => ['yes', 'true', '1'].includes(word));
const address = (read: (text: string) => string | Wrong) =>
  z.string().transform((text, context) => {
    const settled = read(text);
    return typeof settled === 'string' ? settled : fail(context, settled.wrong);
  });
const base = address(readBaseUrl);
const postgres = address(readDatabase);
const publicJwk = z
  .string()
  .transform(
    (text, context) =>
      parseJson(text) ??
      fail(context, 'must be a public key as JSON Web Key, such as {"kty":"OKP","crv":"Ed25519","x":"…"}'),
  )
  .pipe(
    z.looseObject({
      kty: z.enum(['OKP', 'EC'], 'must be an Ed25519 or P-256 key'),
      crv: z.enum(['Ed25519', 'P-256'], 'must be an Ed25519 or P-256 key'),
      x: z.string(),
    }),
  )
  .refine((jwk) => !('d' in jwk), 'holds a private key: only the public part belongs here');

export const developmentEnvironment = z.object({
  /** `production` refuses every default that is for trying out; `test` hashes passwords cheaply. */
  NODE_ENV: z
    .enum(['development', 'production', 'test'], 'must be development, test or production')
    .default('development'),
  /**
   * Where people reach the service: scheme and host, and a port where it is not the usual one. No path: behind a proxy the
   * service has a host name of its own. Default: http://localhost and the port.
   */
  BASE_URL: base.optional(),
  /** The port to listen on. Default 4000, or in development the next free one. */
  PORT: port.optional(),
  /** The port of Casebook, the demo partner system. Default 4001, or the next free one. */
  CASEBOOK_PORT: port.optional(),
  /** Folder for what is not in the database: keys of development, mail of the demo, the embedded database. */
  DATA_DIR: z.string().default('.data'),
  /**
   * The database, as its owner: postgres://user:password@host:5432/name, or postgres://user:password@/name?host=/run/postgresql
   * for a socket. `sslmode=verify-full` asks for TLS; `require` is the same here, for a certificate that nobody checks proves
   * nothing. Where no public authority signed it, `sslrootcert=/path/to/ca.pem` names who did, and `verify-ca` with it leaves
   * the host name unchecked. Default: an embedded PostgreSQL.
   */
  DATABASE_URL: postgres.optional(),
  /** The same database past a connection pooler, for migrations, jobs and notifications. */
  DATABASE_DIRECT_URL: postgres.optional(),
  /** 32 random bytes in base64 (`openssl rand -base64 32`): all other keys are encrypted under or derived from it. */
  KEY_ENCRYPTION_KEY: z
    .base64(KEY_FORM)
    .refine((text) => Buffer.from(text, 'base64').length === 32, KEY_FORM)
    .optional(),
  /** Name of the federation, which signatures in the register carry. */
  FEDERATION_NAME: z
    .string()
    .transform(inAscii)
    .pipe(z.hostname('must look like a host name, such as north-east.wayleave.example'))
    .default('north-east.wayleave.example'),
  /** Public key of the federation operator, as JSON Web Key: the root of the register. */
  FEDERATION_ROOT_KEY: publicJwk.optional(),
  /** Where background jobs run: in this process, in a separate one, or only jobs in this one. */
  WORKER: z.enum(['in-process', 'separate', 'only'], 'must be in-process, separate or only').default('in-process'),
  /** Load the demo region: yes, no, or auto (only into an empty embedded database). */
  DEMO: z.literal('auto').or(yesOrNo).default('auto'),
  /** Sender of the service's mail. */
  MAIL_FROM: z
    .string()
    .transform((text) => text.replace(/[^@]+$/, inAscii))
    .pipe(z.email('must be an e-mail address'))
    .default('wayleave@localhost.example'),
  /** The mail server, smtp:// or smtps://. Default: messages become files in the data folder. */
  MAIL_SMTP_URL: address(readMailServer).optional(),
  /** Cost of argon2id: memory in KiB, passes, lanes. */
  PASSWORD_HASH_MEMORY: count(1024).optional(),
  PASSWORD_HASH_TIME: count(1).optional(),
  PASSWORD_HASH_PARALLELISM: count(1).optional(),
  /** What the log tells. Default: info; in development only warnings, so that the start-up screen stays in sight. */
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .optional(),
  /** Read and compile templates again at every page: `npm run dev`, since each page then takes twenty times as long. */
  RELOAD_TEMPLATES: yesOrNo.default(false),
  /**
   * How many proxies of your own stand in front, one behind the other: so many entries from the right of X-Forwarded-For are
   * believed, and X-Forwarded-Proto and -Host with them. Default 0: these headers are not read. More than there are, and
   * anybody can invent the address that limits count by.
   */
  TRUSTED_PROXIES: count(0).max(10, 'must be 0 to 10').default(0),
  /** Its name was this before it counted. */
  TRUST_PROXY: z.undefined('is not read: set TRUSTED_PROXIES to the number of proxies in front').optional(),
  /** For how many days is kept: what changed, for processes to follow; what was looked up in the directory, and by whom … */
  KEEP_CHANGE_FEED_DAYS: count(7).default(30),
  KEEP_LOOK_UPS_DAYS: count(7).default(730),
  /** … duties, from the day they were due; what was written in reviews of overrides, from the day they were closed. */
  KEEP_DUTIES_DAYS: count(7).default(730),
  KEEP_REVIEW_TEXTS_DAYS: count(7).default(2_190),
  /** Who reads `/metrics` sends this as a bearer token. Without it, in production nobody may, elsewhere anybody. */
  METRICS_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9._~+/=-]{24,}$/, 'must be at least 24 letters and digits: openssl rand -hex 24')
    .optional(),
  /** Certificate and key files in PEM, where this process itself serves TLS. Renewed files are taken up within a minute. */
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
});

/** What production asks for beyond that. Each entry stands for a default that is good only for trying out. */
export const productionEnvironment = developmentEnvironment.extend({
  BASE_URL: base.refine((text) => text.startsWith('https:'), 'must begin with https:// in production'),
  DATABASE_URL: postgres,
  KEY_ENCRYPTION_KEY: developmentEnvironment.shape.KEY_ENCRYPTION_KEY.unwrap().refine(looksRandom, KEY_FORM),
  FEDERATION_NAME: developmentEnvironment.shape.FEDERATION_NAME.unwrap().refine(
    (name) => !name.toLowerCase().endsWith('.example'),
    'must be the name of a real federation',
  ),
  FEDERATION_ROOT_KEY: publicJwk,
  MAIL_FROM: developmentEnvironment.shape.MAIL_FROM.unwrap(),
  MAIL_SMTP_URL: developmentEnvironment.shape.MAIL_SMTP_URL.unwrap(),
  PASSWORD_HASH_MEMORY: count(19_456).optional(),
  PASSWORD_HASH_TIME: count(2).optional(),
  DEMO: developmentEnvironment.shape.DEMO.refine(
    (demo) => demo !== true,
    'cannot be yes in production: the demo region has known passwords',
  ),
});

export type Environment = z.output<typeof developmentEnvironment>;

/** A key typed by hand, or the one of the tests, repeats itself; 32 random bytes hold 12 different ones in any lifetime. */
function looksRandom(text: string): boolean {
  return new Set(Buffer.from(text, 'base64')).size >= 12;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fail(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
