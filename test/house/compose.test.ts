import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { productionEnvironment } from '../../platform/config/environment.ts';

const root = path.resolve(import.meta.dirname, '../..');
const compose = await readFile(path.join(root, 'docker-compose.yml'), 'utf8');

describe('the compose file', () => {
  const required = productionEnvironment.safeParse({}).error?.issues.map(({ path: [name] }) => String(name)) ?? [];

  it.each(required)('hands %s to the service, or says what it is for', (name) => {
    expect(compose).toMatch(new RegExp(`^ {6}${name}: .*\\$\\{[A-Z_]+:\\?set `, 'm'));
  });

  it('names no variable that the service does not read', () => {
    const service = compose.slice(compose.indexOf('  wayleave:\n'), compose.indexOf('\nvolumes:'));
    const given = [...service.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name]) => name);
    expect(given.length).toBeGreaterThan(required.length);
    expect(given.filter((name) => !(String(name) in productionEnvironment.shape))).toEqual([]);
  });

  it('believes no proxy by itself while it publishes the port: anybody could write what a proxy writes', () => {
    expect(compose).toMatch(/^ {4}ports:/m);
    expect(compose).toContain('TRUSTED_PROXIES: ${TRUSTED_PROXIES:-0}');
  });

  it('holds no secret', () => {
    const secrets = compose.match(/^ {6}\w*(PASSWORD|KEY|URL):.*$/gm) ?? [];
    expect(secrets.length).toBeGreaterThan(3);
    for (const line of secrets) expect(line).toContain('${');
  });
});
