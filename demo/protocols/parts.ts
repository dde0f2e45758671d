/** Pieces that every protocol of the demo is built from, beside those of the templates: parties, pins, days. */
import type { Json } from '../../platform/json.ts';
import type {
  AssetDefinition,
  KindDefinition,
  Party,
  Protocol,
  RoleDefinition,
} from '../../policy/register/protocols/document.ts';
import { hashOfJson } from '../../policy/register/signatures/canonical.ts';
import { agencyOf } from '../region/agencies.ts';
import { kinds } from '../region/kinds.ts';
import { officerOf } from '../region/officers.ts';
import { roleDefinitions } from '../region/roles.ts';
import { assets } from './assets.ts';

/** What a document needs from outside itself. `today` is a calendar day in UK time, YYYY-MM-DD. */
export type Setting = { federation: string; today: string };

/** SHA-256 of the RFC 8785 canonical bytes, base64url: how the register names a definition or a text. */
export function hashOf(document: object): string {
  return hashOfJson(document as Json);
}

/** The calendar day that many days after (before, when negative) another. */
export function daysFrom(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** An agency as a party, with the officers that answer for it. */
export function party(
  code: string,
  lawfulBasis: Party['lawful_basis'],
  options: { essential?: boolean; part3?: Party['part_3'] } = {},
): Party {
  const agency = agencyOf(code);
  const officer = officerOf(code);
  const mailbox = (name: string, box: string) => ({ name, email: `${box}@${agency.emailDomain}` });
  return {
    agency: code,
    name: agency.name,
    kind: agency.kind,
    controller: 'controller',
    regime: options.part3 === undefined ? 'uk-gdpr' : 'dpa-part-3',
    ...(options.part3 === undefined ? {} : { part_3: options.part3 }),
    essential: options.essential ?? false,
    signs_as: officer.signsAs,
    senior_officer: mailbox(officer.name, 'information-sharing'),
    dpo: mailbox(`Data Protection Officer, ${agency.shortName}`, 'dpo'),
    ...(agency.kind === 'health' ? { caldicott_guardian: mailbox(officer.name, 'caldicott') } : {}),
    ...(agency.kind === 'council' ? { siro: mailbox(officer.name, 'siro') } : {}),
    lawful_basis: lawfulBasis,
  };
}

/** Hashes of every definition that the clauses and parties rely on. */
export function pinsFor(document: Pick<Protocol, 'clauses' | 'parties'>): Protocol['pins'] {
  const recipients = document.clauses.flatMap((clause) => clause.recipients);
  const kindsUsed = [
    ...document.parties.map((one) => one.kind),
    ...recipients.flatMap((one) => ('kind' in one ? [one.kind] : [])),
  ];
  return {
    assets: hashes(
      assets,
      document.clauses.map((clause) => clause.asset),
    ),
    roles: hashes(
      roleDefinitions,
      recipients.map((one) => one.role),
    ),
    kinds: hashes(kinds, kindsUsed),
  };
}

function hashes(
  definitions: readonly (AssetDefinition | RoleDefinition | KindDefinition)[],
  used: string[],
): Record<string, string> {
  return Object.fromEntries(
    [...new Set(used)].sort().map((code) => {
      const definition = definitions.find((one) => one.code === code);
      if (definition === undefined) throw new Error(`A protocol of the demo uses ${code}, which nothing defines.`);
      return [code, hashOf(definition)];
    }),
  );
}
