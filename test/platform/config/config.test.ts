import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { atPort, loadConfig } from '../../../platform/config/config.ts';
import { PlatformError } from '../../../platform/errors.ts';

let DATA_DIR: string;
beforeAll(async () => {
  DATA_DIR = await mkdtemp(path.join(tmpdir(), 'wayleave-config-'));
});
afterAll(() => rm(DATA_DIR, { recursive: true }));

const rootKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const production = () => ({
  NODE_ENV: 'production',
  DATA_DIR,
  BASE_URL: 'https://wayleave.durham.gov.uk/',
  DATABASE_URL: 'postgres://wayleave:secret@db.internal:5432/wayleave',
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  FEDERATION_NAME: 'north-east.wayleave.org.uk',
  FEDERATION_ROOT_KEY: JSON.stringify(rootKey),
  MAIL_FROM: 'wayleave@durham.gov.uk',
  MAIL_SMTP_URL: 'smtps://user:password@mail.internal:465',
});

/** The variables that the configuration complains of, with what it says of each. */
function complaints(env: Record<string, string | undefined>): Record<string, string> {
  try {
    loadConfig(env);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return Object.fromEntries(error.issues.map(({ pointer, message }) => [pointer, message]));
  }
  return {};
}

describe('the configuration of development', () => {
  it('works with nothing set but a data folder', () => {
    const config = loadConfig({ DATA_DIR });
    expect(config).toMatchObject({
      mode: 'development',
      baseUrl: 'http://localhost:4000',
      issuer: 'http://localhost:4000/oidc',
      port: { default: 4000 },
      casebook: { default: 4001 },
      worker: 'in-process',
      demo: 'auto',
      reloadTemplates: false,
      trustedProxies: 0,
      federation: { name: 'north-east.wayleave.example' },
    });
    expect(config.port).not.toHaveProperty('asked');
    expect(config).not.toHaveProperty('databaseUrl');
    expect(config).not.toHaveProperty('tls');
    expect(path.isAbsolute(config.dataDir)).toBe(true);
  });

  it('keeps one master key in the data folder, readable by its owner only', async () => {
    const first = loadConfig({ DATA_DIR }).masterKey;
    expect(first).toHaveLength(32);
    expect(loadConfig({ DATA_DIR }).masterKey).toEqual(first);
    expect((await stat(path.join(DATA_DIR, 'key-encryption-key'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a master key file that was cut short, and says what to do', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'wayleave-config-'));
    await writeFile(path.join(folder, 'key-encryption-key'), 'c2hvcnQ=');
    expect(() => loadConfig({ DATA_DIR: folder })).toThrow(/does not hold 32 bytes.*Restore it/);
    await rm(folder, { recursive: true });
  });

  it('takes the federation root key from the data folder, without its private part', async () => {
    const file = path.join(DATA_DIR, 'federation-root.json');
    await writeFile(file, JSON.stringify({ ...rootKey, d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' }));
    expect(loadConfig({ DATA_DIR }).federation.rootKey).toEqual(rootKey);
    await rm(file);
  });

  it('takes an empty variable for one that was not set', () => {
    expect(loadConfig({ DATA_DIR, PORT: '', DATABASE_URL: ' ' }).port).toEqual({ default: 4000 });
  });

  it('lets the default address follow the port that was free, but never an address that was asked for', () => {
    expect(atPort(loadConfig({ DATA_DIR }), 4002)).toMatchObject({
      baseUrl: 'http://localhost:4002',
      issuer: 'http://localhost:4002/oidc',
    });
    expect(atPort(loadConfig({ DATA_DIR, PORT: '0' }), 39_001).baseUrl).toBe('http://localhost:39001');
    const named = loadConfig({ DATA_DIR, BASE_URL: 'http://wayleave.local:8080' });
    expect(atPort(named, 4002).baseUrl).toBe('http://wayleave.local:8080');
    expect(named.port.asked).toBe(4000);
  });

  it('names every wrong variable at once and never quotes what was in it', () => {
    const wrong = {
      DATA_DIR,
      PORT: '99999',
      BASE_URL: 'localhost:4000',
      DATABASE_URL: 'mysql://root:hunter2@localhost/x',
      KEY_ENCRYPTION_KEY: 'hunter2',
      WORKER: 'maybe',
      DEMO: 'perhaps',
      LOG_LEVEL: 'loud',
      FEDERATION_ROOT_KEY: '{"kty":"hunter2"',
      TLS_CERT_FILE: '/cert.pem',
    };
    const { DATA_DIR: _, ...names } = wrong;
    expect(Object.keys(complaints(wrong)).sort()).toEqual(Object.keys(names).sort());
    expect(() => loadConfig(wrong)).toThrow(/^The configuration cannot be used:((?!hunter2).)*$/s);
  });

  it('counts the proxies in front, and says what became of the setting that did not', () => {
    expect(loadConfig({ DATA_DIR, TRUSTED_PROXIES: '2' }).trustedProxies).toBe(2);
    expect(complaints({ DATA_DIR, TRUSTED_PROXIES: 'yes' })).toEqual({ TRUSTED_PROXIES: 'must be a number' });
    expect(complaints({ DATA_DIR, TRUSTED_PROXIES: '-1' })).toEqual({ TRUSTED_PROXIES: 'must be at least 0' });
    expect(complaints({ DATA_DIR, TRUST_PROXY: 'yes' })).toEqual({
      TRUST_PROXY: 'is not read: set TRUSTED_PROXIES to the number of proxies in front',
    });
  });

  it('asks for https where this process serves TLS, and for a certificate and a key that it can use', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'wayleave-config-'));
    const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
    for (const file of [cert, key]) await writeFile(file, 'not a certificate');
    const env = { DATA_DIR, TLS_CERT_FILE: cert, TLS_KEY_FILE: key };
    expect(() => loadConfig(env)).toThrow(/TLS_CERT_FILE and TLS_KEY_FILE cannot be used \(ERR_/);
    expect(complaints({ ...env, BASE_URL: 'http://wayleave.example' })).toHaveProperty('BASE_URL');
    await rm(folder, { recursive: true });
  });

  it('names a certificate file that is not there', () => {
    const env = { DATA_DIR, TLS_CERT_FILE: '/nowhere/cert.pem', TLS_KEY_FILE: '/nowhere/key.pem' };
    expect(() => loadConfig(env)).toThrow('TLS_CERT_FILE: /nowhere/cert.pem cannot be used (ENOENT)');
  });
});

describe('the configuration of production', () => {
  it('is accepted when everything stands', () => {
    const config = loadConfig(production());
    expect(config).toMatchObject({
      mode: 'production',
      baseUrl: 'https://wayleave.durham.gov.uk',
      port: { asked: 4000 },
      mail: { from: 'wayleave@durham.gov.uk', smtpUrl: 'smtps://user:password@mail.internal:465' },
      federation: { rootKey },
      passwordHash: { memoryCost: 19_456, timeCost: 2, parallelism: 1 },
    });
  });

  it('names everything that is missing, at once and in words', () => {
    expect(complaints({ NODE_ENV: 'production', DATA_DIR })).toEqual({
      BASE_URL: 'is missing',
      DATABASE_URL: 'is missing',
      KEY_ENCRYPTION_KEY: 'is missing',
      FEDERATION_NAME: 'is missing',
      FEDERATION_ROOT_KEY: 'is missing',
      MAIL_FROM: 'is missing',
      MAIL_SMTP_URL: 'is missing',
    });
    expect(() => loadConfig({ NODE_ENV: 'production', DATA_DIR })).toThrow(
      /cannot be used in production:\n {2}BASE_URL is missing\n/,
    );
  });

  it.each([
    ['an address without TLS', { BASE_URL: 'http://wayleave.durham.gov.uk' }, 'BASE_URL'],
    ['the key of the tests', { KEY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') }, 'KEY_ENCRYPTION_KEY'],
    ['the name of the example federation', { FEDERATION_NAME: 'north-east.wayleave.example' }, 'FEDERATION_NAME'],
    ['a private root key', { FEDERATION_ROOT_KEY: JSON.stringify({ ...rootKey, d: 'secret' }) }, 'FEDERATION_ROOT_KEY'],
    ['the demo region', { DEMO: '1' }, 'DEMO'],
    ['cheap password hashes', { PASSWORD_HASH_MEMORY: '1024' }, 'PASSWORD_HASH_MEMORY'],
  ])('refuses %s', (_, change, variable) => {
    expect(Object.keys(complaints({ ...production(), ...change }))).toEqual([variable]);
  });

  it('makes no key of its own and reads no root key from the data folder', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'wayleave-config-'));
    await writeFile(path.join(folder, 'federation-root.json'), JSON.stringify({ ...rootKey, x: 'planted' }));
    const config = loadConfig({ ...production(), DATA_DIR: folder });
    expect(config.federation.rootKey).toEqual(rootKey);
    await expect(stat(path.join(folder, 'key-encryption-key'))).rejects.toThrow('ENOENT');
    await rm(folder, { recursive: true });
  });
});
