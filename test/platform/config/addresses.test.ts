/** Addresses in the configuration: what can be meant is taken, and what cannot is refused with the way out. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { appUrl } from '../../../platform/app_role.ts';
import { type Config, loadConfig } from '../../../platform/config/config.ts';

let DATA_DIR: string;
beforeAll(async () => {
  DATA_DIR = await mkdtemp(path.join(tmpdir(), 'wayleave-addresses-'));
});
afterAll(() => rm(DATA_DIR, { recursive: true }));

const load = (env: Record<string, string>): Config => loadConfig({ DATA_DIR, ...env });

/** What the refusal says, from the first line that names the variable. */
function refusal(variable: string, value: string): string {
  try {
    load({ DATABASE_URL: 'postgres://u@h/d', [variable]: value });
  } catch (error) {
    const { message } = error as Error;
    return message.slice(message.indexOf(variable));
  }
  throw new Error(`${variable}=${value} was taken.`);
}

describe('BASE_URL', () => {
  it.each([
    ['https://Wayleave.Example', 'https://wayleave.example'],
    ['HTTPS://wayleave.example/', 'https://wayleave.example'],
    ['https://wayleave.example:443', 'https://wayleave.example'],
    ['https://wayleave.example:443//', 'https://wayleave.example'],
    ['https://wayleave.example:8443/', 'https://wayleave.example:8443'],
    ['http://wayleave.example:80', 'http://wayleave.example'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://BÜCHER.example:443/', 'https://xn--bcher-kva.example'],
    ['  https://wayleave.example  ', 'https://wayleave.example'],
    ['http://[::1]:4000/', 'http://[::1]:4000'],
  ])('%s is %s', (written, baseUrl) => {
    expect(load({ BASE_URL: written })).toMatchObject({ baseUrl, issuer: `${baseUrl}/oidc` });
  });

  it.each([
    ['https://council.example/wayleave', /must be a scheme and a host only, without a path.*every link.*server_name/],
    ['https://council.example/wayleave/', /without a path/],
    ['wayleave.example', /must be https:\/\/ and a host name, such as/],
    ['localhost:4000', /must be https:\/\/ and a host name/],
    ['https://', /must be https:\/\/ and a host name/],
    ['https://exa mple', /must be https:\/\/ and a host name/],
    ['"https://wayleave.example"', /must be https:\/\/ and a host name/],
    ['ftp://wayleave.example', /must be https:\/\/ and a host name/],
    ['https://user:hunter2@wayleave.example', /must have no user name and no password/],
    ['https://wayleave.example?key=hunter2', /must end with the host name/],
    ['https://wayleave.example/#hunter2', /must end with the host name/],
  ])('%s is refused in words', (written, words) => {
    expect(refusal('BASE_URL', written)).toMatch(words);
    expect(refusal('BASE_URL', written)).not.toContain('hunter2');
  });

  it('with http in capitals is not taken for https where this process serves TLS, nor in production', () => {
    const tls = { TLS_CERT_FILE: '/cert.pem', TLS_KEY_FILE: '/key.pem' };
    expect(() => load({ ...tls, BASE_URL: 'HTTP://wayleave.example' })).toThrow(/BASE_URL must begin with https/);
    expect(() => load({ NODE_ENV: 'production', BASE_URL: 'HTTP://wayleave.org.uk' })).toThrow(
      /BASE_URL must begin with https/,
    );
  });
});

/** Where the driver goes with an address, as the owner and as the application. */
function leadsTo(written: string): object {
  const { databaseUrl } = load({ DATABASE_URL: written });
  const { host, port, user, password, database } = new pg.Client(databaseUrl);
  const application = new pg.Client(appUrl(databaseUrl!, Buffer.alloc(32, 7)));
  expect(application).toMatchObject({ host, port, database, user: 'wayleave_app_db' });
  expect(application.password).not.toBe(password);
  return { host, port, user, password, database };
}

describe('DATABASE_URL', () => {
  const usual = { host: 'db.internal', port: 5432, user: 'u', password: 'p', database: 'db' };
  const socket = { ...usual, host: '/run/postgresql' };

  it.each([
    ['postgres://u:p@db.internal/db', usual],
    ['POSTGRESQL://u:p@DB.internal:5432/db/', usual],
    [' postgres://u:p@db.internal/db ', usual],
    ['postgres://u:p@bücher.example/db', { ...usual, host: 'xn--bcher-kva.example' }],
    ['postgres://u:p@my_db:5433/db', { ...usual, host: 'my_db', port: 5433 }],
    ['postgres://u:p@[::1]:5433/db', { ...usual, host: '::1', port: 5433 }],
    ['postgres://u:p@elsewhere/db?host=::1', { ...usual, host: '::1' }],
    ['postgres://u:p@/db?host=/run/postgresql', socket],
    ['postgres://u:p@:5433/db?host=/run/postgresql', { ...socket, port: 5433 }],
    ['postgres://u:p@%2Frun%2Fpostgresql:5433/db', { ...socket, port: 5433 }],
    ['postgres://u:p@localhost/db?host=/run/postgresql&port=5433', { ...socket, port: 5433 }],
    ['postgres:///db?host=/run/postgresql&user=u&password=p', socket],
    ['postgres:///?host=/run/postgresql&user=u&password=p&dbname=db', socket],
    ['postgres://db.internal/db?user=u&password=p', usual],
    ['postgres://u:p@ss@db.internal/db', { ...usual, password: 'p@ss' }],
    ['postgres://u:50%off@db.internal/db', { ...usual, password: '50%off' }],
    ['postgres://u:a%2Fb%23c%25d@db.internal/db', { ...usual, password: 'a/b#c%d' }],
  ])('%s leads where it should, and the application’s own role is not lost', (written, place) => {
    expect(leadsTo(written)).toEqual(place);
  });

  const form = /must look like postgres:\/\/user:password@host:5432\/name, or .*\?host=\/run\/postgresql.*%2F/;
  it.each([
    ['mysql://u:hunter2@h/db', form],
    ['postgres:u:hunter2@h/db', form],
    ['postgres://u:hunter2@h', form],
    ['postgres://u:hunter2@h/', form],
    ['postgres://u:hunter2@/db', form],
    ['postgres:///db', form],
    ['postgres://u:hunter2/x@h/db', form],
    ['postgres://u:12/hunter2@h/db', form],
    ['postgres://u:hunter2#x@h/db', form],
    ['postgres://u:hunter2?x@h/db', form],
    ['postgres://u:hunter2%E4@h/db', form],
    ['postgres://u:hunter2@h/db/more', form],
    ['postgres://u:hunter2@a,b/db', /must name one host, not several/],
    ['postgres://u:hunter2@/db?host=a,b', /must name one host, not several/],
    ['postgres://u:hunter2@h/db?host=a%20b', form],
    ['postgres://u:hunter2@h/db?host=10.0.0.5:1', form],
    ['postgres://u:hunter2@h/db?port=many', /must have a port of 1 to 65535/],
    ['postgres://u:hunter2@h/db?port=99999', /must have a port of 1 to 65535/],
    ['postgres://u:hunter2@h/db?sslmode=verify', /must have an sslmode of disable, require, verify-ca or verify-full/],
    ['postgres://u:hunter2@h/db?sslrootcert=/nowhere.pem', /\(sslrootcert\): \/nowhere.pem cannot be used \(ENOENT\)/],
    ['postgres://u:hunter2@h/db?sslkey=/nowhere.pem', /\(sslkey\): \/nowhere.pem cannot be used \(ENOENT\)/],
  ])('%s is refused in words', (written, words) => {
    for (const variable of ['DATABASE_URL', 'DATABASE_DIRECT_URL']) {
      expect(refusal(variable, written)).toMatch(words);
      expect(refusal(variable, written)).not.toContain('hunter2');
    }
  });

  it('refuses a file of certificates that holds none', async () => {
    const file = path.join(DATA_DIR, 'ca.pem');
    await writeFile(file, 'nothing');
    expect(refusal('DATABASE_URL', `postgres://u@h/db?sslrootcert=${file}`)).toContain('holds no certificate in PEM');
  });

  it.each([
    ['sslmode=require', true],
    ['sslmode=prefer', true],
    ['sslmode=verify-ca', true],
    ['sslmode=verify-ca&uselibpqcompat=true', true],
    ['sslmode=verify-full&sslrootcert=system', true],
    ['sslrootcert=system', true],
    ['sslmode=no-verify', false],
  ])('with %s: the certificate is checked: %s', (parameters, checked) => {
    const { ssl } = new pg.Client(load({ DATABASE_URL: `postgres://u@h/db?${parameters}` }).databaseUrl) as unknown as {
      ssl: { rejectUnauthorized?: boolean; checkServerIdentity?: unknown };
    };
    expect(ssl).toBeTruthy();
    expect(ssl.rejectUnauthorized ?? true).toBe(checked);
    expect(ssl.checkServerIdentity).toBeUndefined();
  });

  it('asks for no TLS on a socket', () => {
    const { databaseUrl } = load({ DATABASE_URL: 'postgres://u@/db?host=/run/postgresql&sslmode=verify-full' });
    expect((new pg.Client(databaseUrl) as unknown as { ssl: unknown }).ssl).toBe(false);
  });

  it('is asked for where only DATABASE_DIRECT_URL is set, which would lead past it', () => {
    expect(() => load({ DATABASE_DIRECT_URL: 'postgres://u@h/db' })).toThrow(
      'DATABASE_URL must be set where DATABASE_DIRECT_URL is',
    );
  });
});

describe('the addresses of mail', () => {
  it.each([
    ['SMTPS://user:password@Mail.Internal:465/', 'smtps://user:password@mail.internal:465'],
    ['smtp://bücher.example', 'smtp://xn--bcher-kva.example'],
    ['smtp://user:50%off@mail.internal', 'smtp://user:50%25off@mail.internal'],
    [' smtp://[::1]:25 ', 'smtp://[::1]:25'],
  ])('%s is %s', (written, smtpUrl) => {
    expect(load({ MAIL_SMTP_URL: written }).mail.smtpUrl).toBe(smtpUrl);
  });

  it.each([
    ['mail.internal:25', /must look like smtps:\/\/user:password@host:465/],
    ['smtp:mail.internal', /must look like smtps/],
    ['smtps://', /must look like smtps/],
    ['http://u:hunter2@mail.internal', /must look like smtps/],
    ['smtps://u:hunter2/x@mail.internal', /must look like smtps.*%2F/],
    ['smtps://u:hunter2%E4@mail.internal', /must look like smtps/],
    ['smtps://u:hunter2#x@mail.internal', /must look like smtps.*%23/],
    ['smtps://u:p@mail.internal/hunter2', /must end with the host and its port/],
    ['smtps://u:p@mail.internal?secret=hunter2', /must end with the host and its port/],
  ])('%s is refused in words', (written, words) => {
    expect(refusal('MAIL_SMTP_URL', written)).toMatch(words);
    expect(refusal('MAIL_SMTP_URL', written)).not.toContain('hunter2');
  });

  it('takes a sender whose host has letters beyond ASCII', () => {
    expect(load({ MAIL_FROM: 'wayleave@bücher.example' }).mail.from).toBe('wayleave@xn--bcher-kva.example');
  });
});

describe('FEDERATION_NAME', () => {
  it('takes letters beyond ASCII, and leaves as it is what signatures carry already', () => {
    expect(load({ FEDERATION_NAME: 'bücher.example' }).federation.name).toBe('xn--bcher-kva.example');
    expect(load({ FEDERATION_NAME: 'North-East.wayleave.example' }).federation.name).toBe(
      'North-East.wayleave.example',
    );
  });

  it('is not the example’s in production, in capitals either', () => {
    expect(() => load({ NODE_ENV: 'production', FEDERATION_NAME: 'North-East.EXAMPLE' })).toThrow(
      'FEDERATION_NAME must be the name of a real federation',
    );
  });
});
