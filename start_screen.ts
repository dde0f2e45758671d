/** What the start-up prints last, one screenful: where to open it, and in the demo whom to sign in as, and with what. */
import path from 'node:path';
import type { Manifest, ManifestPerson } from './demo/manifest.ts';
import type { Config } from './platform/config/config.ts';

type Demo = { manifest: Manifest; casebookUrl?: string } | undefined;

type Condition = {
  /** The embedded database's folder, where it is that one. */
  location?: string;
  /** Why nothing is permitted: the register does not verify. */
  problem?: string;
};

/** Whom to try first: those who see one child's record differently, then one who signs and one who administers. */
const tryFirst: { is: (person: ManifestPerson) => boolean; as: string }[] = [
  { is: ({ role }) => role === 'social-worker', as: 'social worker' },
  { is: ({ role }) => role === 'health-visitor', as: 'health visitor' },
  { is: ({ role }) => role === 'police-officer', as: 'police officer' },
  { is: ({ role }) => role === 'housing-officer', as: 'housing officer' },
  { is: ({ role }) => role === 'teacher', as: 'teacher' },
  { is: ({ capacities }) => capacities.includes('caldicott-guardian'), as: 'Caldicott guardian, who signs' },
  { is: ({ part }) => part === 'agency administrator', as: 'agency administrator' },
];

/** Fits 80 columns and 24 lines. `folder` is where it was started: paths are told from there. */
export function startScreen(config: Config, condition: Condition, demo: Demo, folder = process.cwd()): string {
  const near = (file: string): string => nearest(file, folder);
  if (config.worker === 'only') return '\nWayleave works off background jobs. Ctrl-C stops it.\n';
  const lines = ['', `Wayleave is ready:   ${config.baseUrl}`];
  if (demo !== undefined) lines.push(...describeDemo(config, demo, near));
  const { location, problem } = condition;
  if (problem !== undefined) lines.push('', 'Nothing is permitted, for the register does not verify:', `  ${problem}`);
  if (location !== undefined) {
    lines.push(
      '',
      'The database is an embedded PostgreSQL, for trying out and for tests. Data:',
      `  ${near(location)}`,
    );
  }
  lines.push('', 'Ctrl-C stops everything. Nothing is lost.', '');
  return lines.join('\n');
}

function describeDemo(config: Config, { manifest, casebookUrl }: NonNullable<Demo>, near: (file: string) => string) {
  const { people } = manifest;
  const shown = tryFirst.flatMap(({ is, as }) => {
    const found = people.find(is);
    return found === undefined ? [] : [{ email: found.email, as }];
  });
  const width = Math.max(...shown.map(({ email }) => email.length));
  return [
    ...(casebookUrl === undefined ? [] : [`A council's Casebook: ${casebookUrl}`]),
    '',
    'The demo region is loaded; everybody in it is invented. Sign in, for example, as',
    ...shown.map(({ email, as }) => `  ${email.padEnd(width)}  ${as}`),
    `Password of all:  ${people[0]?.password ?? ''}`,
    `One-time codes:   ${config.baseUrl}/demo/codes`,
    `Mail to them:     ${config.baseUrl}/demo/mail`,
    `Everybody else:   ${near(path.join(config.dataDir, 'demo.json'))}`,
  ];
}

/** Relative where that is shorter. */
function nearest(file: string, folder: string): string {
  const relative = path.relative(folder, file);
  return relative.length < file.length ? relative : file;
}
