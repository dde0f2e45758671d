/** People of the demo region on their way through the service: who they are, and how they sign in in a real browser. */
import { generateSync } from 'otplib';
import pg from 'pg';
import type { Manifest, ManifestPerson } from '../../demo/manifest.ts';
import { namedPerson } from '../../demo/region/people.ts';
import type { TestDatabase } from './database.ts';
import type { Visitor } from './browser.ts';

export type Traveller = ManifestPerson & { id: string; posts: string[] };

/** The person of the demo region with that key (demo/region/people.ts), as the manifest gives them to a script. */
export function traveller({ manifest }: { manifest: Manifest }, key: string): Traveller {
  const { id, email, posts } = namedPerson(key);
  const person = [...manifest.people, ...manifest.people_refused].find((one) => one.email === email);
  if (person === undefined) throw new Error(`demo.json has nobody with the address ${email}`);
  return { ...person, id, posts: posts.map((post) => post.id) };
}

/** What the person's authenticator app shows now. */
export function currentCode(person: Pick<ManifestPerson, 'totp_secret'>): string {
  return generateSync({ secret: person.totp_secret });
}

/** As though half a minute had gone by since the person's last code, so that the same one may be typed again. */
export async function forgetLastCode(database: Pick<TestDatabase, 'ownerUrl'>, person: Traveller): Promise<void> {
  await asOwner(database, 'update credential set last_step = null where practitioner = $1', [person.id]);
}

/** Runs a statement as the owner of the tables: behind row-level security, as somebody with the database's password could. */
export async function asOwner(
  { ownerUrl }: Pick<TestDatabase, 'ownerUrl'>,
  statement: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/** Fills in the three pages of sign-in as a password manager would: by what the fields say that they take. */
export async function passSignInPages({ page }: Visitor, person: ManifestPerson): Promise<void> {
  await fillAndContinue({ page }, 'username', person.email);
  await fillAndContinue({ page }, 'current-password', person.password);
  await fillAndContinue({ page }, 'one-time-code', currentCode(person));
}

/** Fills the one visible field with that autocomplete token, and presses Continue. */
export async function fillAndContinue({ page }: Pick<Visitor, 'page'>, token: string, value: string): Promise<void> {
  await page.locator(`[autocomplete="${token}"]:visible`).fill(value);
  await page.getByRole('button', { name: 'Continue' }).click();
}
