/** What the start-up prints last, one screenful: where to open it, and in the demo whom to sign in as, and with what. */
import path from 'node:path';
import type { Manifest, ManifestPerson } from './demo/load/manifest.ts';
import type { Config } from './platform/config/config.ts';

type Demo = { manifest: Manifest; casebookUrl?: string } | undefined;

type Condition = {
  /** The embedded database's folder, where it is that one. */
  location?: string;
  /** Why nothing is permitted: the register does not verify. */
  problem?: string;
};

/** Five things to try and whom to sign in as for them, then others who see one child's record differently. */
const tryFirst: { is?: (person: ManifestPerson) => boolean; to: string }[] = [
  { is: ({ role }) => role === 'health-visitor', to: 'break glass in Casebook: GC-1003' },
  { is: ({ role }) => role === 'teacher', to: 'give and withdraw consent' },
  { is: ({ capacities }) => capacities.includes('caldicott-guardian'), to: 'try a decision' },
  { is: ({ capacities }) => capacities.includes('siro'), to: 'draft a protocol, and sign it' },
  { to: 'read what a child would read' },
  { is: ({ role }) => role === 'social-worker', to: 'Casebook, as a social worker' },
  { is: ({ role }) => role === 'police-officer', to: 'Casebook, as a police officer' },
  { is: ({ role }) => role === 'housing-officer', to: 'Casebook, as a housing officer' },
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
  const shown = tryFirst.flatMap(({ is, to }) => {
    const who = is === undefined ? '/agreements, without signing in' : people.find(is)?.email;
    return who === undefined ? [] : [{ who, to }];
  });
  const width = Math.max(...shown.map(({ who }) => who.length));
  return [
    ...(casebookUrl === undefined ? [] : [`A council's Casebook: ${casebookUrl}`]),
    '',
    'The demo region is loaded; everybody in it is invented. To try, signed in as',
    ...shown.map(({ who, to }) => `  ${who.padEnd(width)}  ${to}`),
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
