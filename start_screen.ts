/** What the start-up prints last: where to open it, and in the demo whom to sign in as, and with what. */
import type { Manifest } from './demo/manifest.ts';
import type { Config } from './platform/config/config.ts';

type Demo = { manifest: Manifest; casebookUrl: string } | undefined;

/** One screenful. */
export function startScreen(config: Config, database: { embedded: boolean; location?: string }, demo: Demo): string {
  const lines = ['', `Wayleave is ready: ${config.baseUrl}`];
  if (demo !== undefined) lines.push(...describeDemo(config, demo));
  if (database.embedded) {
    lines.push(
      '',
      'Database: embedded PostgreSQL, for trying out and for tests only.',
      `  Data: ${database.location ?? ''}`,
    );
  }
  lines.push('', 'Ctrl-C stops everything. Nothing is lost.', '');
  return lines.join('\n');
}

function describeDemo(config: Config, { manifest, casebookUrl }: NonNullable<Demo>): string[] {
  const { people } = manifest;
  const password = people[0]?.password ?? '';
  return [
    `Casebook, a council's case system: ${casebookUrl}`,
    '',
    'The demo region is loaded. Everybody in it is invented. Sign in as:',
    ...people.slice(0, 8).map(({ email, part }) => `  ${email.padEnd(48)} ${part}`),
    `  … and ${Math.max(0, people.length - 8)} more in ${config.dataDir}/demo.json`,
    `Password of all: ${password}`,
    `One-time code:   ${config.baseUrl}/demo/codes shows everybody's`,
    `Mail that would have been sent: ${config.baseUrl}/demo/mail`,
  ];
}
