/** `.data/demo.json`: what the demo region contains, for a machine to use. Its shape is a contract that scripts rely on. */
import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Example, listExamples } from '../examples.ts';
import { keyFile } from './keys.ts';
import { partners } from '../partners.ts';
import { agencies } from '../region/agencies.ts';
import { officerOf } from '../region/officers.ts';
import { type NamedPerson, namedPeople } from '../region/people.ts';
import { displayName } from '../region/practitioner.ts';
import type { DemoSecrets } from '../secrets.ts';

export type ManifestPerson = {
  email: string;
  password: string;
  totp_secret: string;
  name: string;
  /** Official code of the agency, and role, of the first post. */
  agency: string;
  role: string;
  capacities: string[];
  /** Why one would sign in as them. */
  part: string;
};

export type Manifest = {
  base_url: string;
  issuer: string;
  people: ManifestPerson[];
  /** Their credentials are right, and they are refused all the same. */
  people_refused: ManifestPerson[];
  partners: {
    name: string;
    client_id: string;
    client_secret: string;
    scopes: string[];
    redirect_uris: string[];
    agency: string;
  }[];
  examples: Example[];
  /** For the command line: `npm run protocol -- sign <text> --key … --agency … --officer … --capacity …`. */
  officers: ManifestOfficer[];
};

/** Somebody who signs for an agency, with the file of the key that they would hold themselves. */
type ManifestOfficer = { agency: string; officer: string; name: string; capacity: string; key_file: string };

/** `dataDir`: where the key files stand. */
type ManifestInput = {
  baseUrl: string;
  issuer: string;
  casebookUrl: string;
  secrets: DemoSecrets;
  dataDir: string;
};

/** Composes the manifest for the addresses of this start. */
export function composeManifest({ baseUrl, issuer, casebookUrl, secrets, dataDir }: ManifestInput): Manifest {
  const person = (one: NamedPerson) => describe(one, secrets);
  return {
    base_url: baseUrl,
    issuer,
    people: namedPeople.filter(canSignIn).map(person),
    people_refused: namedPeople.filter((one) => !canSignIn(one)).map(person),
    partners: partners.map(({ name, clientId, scopes, agency, signsPeopleIn }) => ({
      name,
      client_id: clientId,
      client_secret: secrets.clientSecretOf(clientId),
      scopes,
      redirect_uris: signsPeopleIn ? [`${casebookUrl}/callback`] : [],
      agency,
    })),
    examples: listExamples(),
    officers: agencies.map(({ code }) => describeOfficer(code, dataDir)),
  };
}

/** Writes it whole, for the owner of the data folder alone: it holds passwords. Returns the file's name. */
export async function writeManifest(dataDir: string, manifest: Manifest): Promise<string> {
  const file = path.join(dataDir, 'demo.json');
  const half = `${file}.${randomUUID()}`;
  await writeFile(half, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(half, file);
  return file;
}

/** True for those who have something to act in. */
function canSignIn(person: NamedPerson): boolean {
  return person.status === 'active' && person.posts.some((post) => post.endedDaysAgo === undefined);
}

function describeOfficer(agency: string, dataDir: string): ManifestOfficer {
  const { practitioner, name, signsAs } = officerOf(agency);
  return { agency, officer: practitioner, name, capacity: signsAs, key_file: keyFile(dataDir, agency, practitioner) };
}

function describe(person: NamedPerson, secrets: DemoSecrets): ManifestPerson {
  const post = person.posts[0]!;
  const administers = person.administers.length > 0 ? ['administrator'] : [];
  return {
    email: person.email,
    password: secrets.password,
    totp_secret: secrets.totpSecretOf(person.key),
    name: displayName(person),
    agency: post.agency,
    role: post.role,
    capacities: [...person.capacities, ...administers],
    part: person.part,
  };
}
