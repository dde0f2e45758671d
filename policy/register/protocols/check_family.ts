/** A protocol among its relatives: the framework above it and the version before it. */
import type { Protocol } from './document.ts';
import type { Complain, Terms } from './terms.ts';

/** Checks tier, framework, host and what this version supersedes. */
export function checkFamily(document: Protocol, terms: Terms, complain: Complain): void {
  if (document.tier === 'framework') checkFramework(document, complain);
  else checkOperational(document, terms, complain);
  checkVersion(document, terms, complain);
}

function checkFramework({ framework, host, parties }: Protocol, complain: Complain): void {
  if (framework !== undefined) complain('A framework stands under no other framework.', 'framework');
  if (host !== undefined && !parties.some(({ agency }) => agency === host)) complain(`${host} is not a party.`, 'host');
}

function checkOperational(document: Protocol, terms: Terms, complain: Complain): void {
  if (document.host !== undefined) complain('Only a framework has a host.', 'host');
  if (document.clauses.length === 0) complain('An operational protocol needs at least one clause.', 'clauses');
  const named = document.framework;
  if (named === undefined) return complain('An operational protocol must name its framework.', 'framework');
  if (named.id === document.id) return complain('A protocol does not stand under itself.', 'framework', 'id');
  const registered = terms.findText(named.hash);
  if (registered === undefined) return complain('No signed text has this hash.', 'framework', 'hash');
  const framework = registered.document;
  if (framework === undefined) return; // its text is damaged: nothing is in force under it until it is repaired
  if (framework.tier !== 'framework' || framework.id !== named.id) {
    return complain(`That text is not the framework ${named.id}.`, 'framework', 'hash');
  }
  const members = new Set(framework.parties.map(({ agency }) => agency));
  document.parties.forEach(({ agency }, index) => {
    if (!members.has(agency)) complain(`${agency} is not a party to the framework.`, 'parties', index, 'agency');
  });
}

function checkVersion(document: Protocol, terms: Terms, complain: Complain): void {
  const before = terms
    .listVersions(document.id)
    .filter(({ version }) => version < document.version)
    .toSorted((left, right) => right.version - left.version)[0];
  if (document.supersedes === undefined) {
    if (before !== undefined) complain(`Version ${before.version} is signed: name its hash.`, 'supersedes');
    return;
  }
  if (before === undefined) return complain('No earlier version is signed.', 'supersedes');
  if (before.hash !== document.supersedes) return complain(`The version before is ${before.hash}.`, 'supersedes');
  if (before.document !== undefined && before.document.tier !== document.tier) {
    complain('The tier cannot change between versions.', 'tier');
  }
  // Otherwise some of the parties could end a protocol for the others by agreeing a version without them.
  const parties = new Set(document.parties.map(({ agency }) => agency));
  for (const agency of before.signedBy) {
    if (!parties.has(agency)) complain(`${agency} signed the version before and has not withdrawn.`, 'parties');
  }
}
