/**
 * Exported names that no other file uses. Tests count for types only. What waits for the door that will use it stands in
 * `waiting`, and only while it waits. `node scripts/unused.mjs [folder]`
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What domain functions do that no page or interface offers yet, by file. */
const waiting = {
  'directory/agencies/add_team.ts': 'addTeam',
  'directory/agencies/register_agency.ts': 'endAgency registerAgency',
  'directory/agencies/set_duty_desk.ts': 'setDutyDesk',
  'directory/partners/register_partner.ts': 'registerPartner',
  'directory/partners/suspend_partner.ts': 'restorePartner suspendPartner',
  'directory/people/admit_practitioner.ts': 'admitPractitioner',
  'directory/people/appoint_administrator.ts': 'appointAdministrator dismissAdministrator',
  'directory/people/give_post.ts': 'givePost',
  'directory/people/record_registration.ts': 'markRegistrationLapsed recordRegistration',
  'directory/partners/client_secret.ts': 'makeClientSecret',
  'idp/credentials/enrol_totp.ts': 'enrolTotp',
  'idp/credentials/set_password.ts': 'setPassword',
  'idp/credentials/totp.ts': 'makeTotpSecret totpUri',
  'platform/log/check.ts': 'checkLog',
  'platform/log/merkle.ts': 'verifyConsistency',
  'platform/log/note.ts': 'verifierKey',
  'platform/log/prove.ts': 'proveConsistency',
  'policy/decisions/consent/record_consent.ts': 'withdrawConsent',
  'policy/decisions/involvement/record_involvement.ts': 'endInvolvement',
};
/** Parts of their own file that a test holds to the letter by themselves. */
const tested = {
  'clients/partner-kit/options.ts': 'readRecord',
  'demo/casebook/sign_in.ts': 'localPath',
  'demo/protocols/framework.ts': 'frameworkParties',
  'demo/region/roles.ts': 'roles',
  'directory/finding/likeness.ts': 'editDistance likeness',
  'platform/log/checkpoint.ts': 'checkpointText parseCheckpointText',
  'platform/log/merkle.ts': 'emptyRoot',
  'policy/decisions/consent/identifiers.ts': 'ownNumbers',
  'policy/governance/drafts/find_draft.ts': 'findDraft',
  'policy/governance/templates/templates.ts': 'templates',
  'policy/register/signatures/flattened.ts': 'verifies',
};
/** What others build on: every export of it is for them. */
const published = 'clients/typescript/src/index.ts';

const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
const files = globSync('**/*.ts', { cwd: root, exclude: ['node_modules/**', '.data/**', '**/dist/**'] });
const texts = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
const declared = /^export (?:async )?(function\*?|const|let|class|type|interface) (\w+)/gm;
const named = /^(import|export) (?:type )?\{([^}]*)\}(?: from '(\.[^']+)')?/gm;
const whole = /^(?:import|export) \*(?: as (\w+))? from '(\.[^']+)'|import\('(\.[^']+)'\)/gm;
/** An interface that other floors add to is used by them. */
const added = /^declare module '(\.[^']+)' \{\s*interface (\w+)/gm;

/** What a file uses of others, as `file name`. */
function* listUses(file, text) {
  const target = (name) => path.posix.join(path.posix.dirname(file), name);
  for (const [, , list, from] of text.matchAll(named))
    if (from !== undefined) for (const { own } of namesIn(list)) yield `${target(from)} ${own}`;
  for (const [, from, name] of text.matchAll(added)) yield `${target(from)} ${name}`;
  for (const [, space, star, dynamic] of text.matchAll(whole)) {
    const from = target(star ?? dynamic);
    const members = space && [...text.matchAll(new RegExp(`\\b${space}\\.(\\w+)`, 'g'))].map(([, name]) => name);
    const all = members ?? [...(texts.get(from) ?? '').matchAll(declared)].map(([, , name]) => name);
    for (const name of all) yield `${from} ${name}`;
  }
}

function namesIn(list) {
  const names = list.replaceAll('type ', '').match(/[\w$]+(?: as [\w$]+)?/g) ?? [];
  return names.map((name) => name.split(' as ')).map(([own, other = own]) => ({ own, other }));
}

const isTest = (file) => file.startsWith('test/');
const used = new Set();
const usedByTests = new Set();
for (const [file, text] of texts) for (const use of listUses(file, text)) (isTest(file) ? usedByTests : used).add(use);
const idle = [...texts].flatMap(([file, text]) => {
  if (isTest(file) || file === published) return [];
  const passedOn = [...text.matchAll(named)].filter(([, word]) => word === 'export');
  return [
    ...[...text.matchAll(declared)].map(([, kind, name]) => ({ name: `${file} ${name}`, type: /^[ti]/.test(kind) })),
    ...passedOn.flatMap(([, , list]) => namesIn(list).map(({ other }) => ({ name: `${file} ${other}`, type: false }))),
  ]
    .filter(({ name, type }) => !used.has(name) && !(type && usedByTests.has(name)))
    .map(({ name }) => name);
});
const listed = [...Object.entries(waiting), ...Object.entries(tested)].flatMap(([file, names]) =>
  names.split(' ').map((name) => `${file} ${name}`),
);
const wrong = [
  ...idle.filter((name) => !listed.includes(name)).map((name) => `${name}: exported, and nothing else uses it`),
  ...listed.filter((name) => !idle.includes(name)).map((name) => `${name}: waits no longer; strike it from the list`),
];
for (const line of wrong.sort()) console.error(line);
process.exitCode = wrong.length === 0 ? 0 : 1;
