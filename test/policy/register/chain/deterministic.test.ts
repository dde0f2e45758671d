import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { beginDerivation } from '../../../../policy/register/chain/derivation.ts';
import { derive, extend } from '../../../../policy/register/ledger/derive.ts';
import { stateAt } from '../../../../policy/register/chain/state_at.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { accededData, aJoiningAgency, openClauses } from '../../../support/policy/accession.ts';
import {
  admissionOf,
  aFederation,
  type Federation,
  officerEntry,
  testNow,
} from '../../../support/policy/federation.ts';
import { anOperationalProtocol, aFramework } from '../../../support/policy/documents.ts';

const acts = [
  'sign',
  'suspend',
  'withdraw',
  'end-officer',
  'appoint',
  'revoke',
  'compromise',
  'end-agency',
  'second',
  'accede',
  'accede',
  'suspend-joined',
  'withdraw-joined',
  'end-joined',
] as const;
const names = ['council', 'health', 'police'] as const;
const joiner = aJoiningAgency();
type Act = { what: (typeof acts)[number]; who: (typeof names)[number]; which: 0 | 1 };

/** Does something that may or may not be allowed, and takes it back where the chain would no longer verify. */
async function act(federation: Federation, { what, who, which }: Act, step: number): Promise<void> {
  const agency = federation.agencies[who];
  const host = federation.agencies.council.code;
  const framework = aFramework({ host, parties: names.map((name) => partyOf(federation, name)) });
  const operational = anOperationalProtocol(framework, { clauses: openClauses });
  const document = which === 0 ? framework : operational;
  const by = { agency: agency.code, key: agency.administration };
  const kid = thumbprint(publicPart(agency.officer.key));
  const named = {
    protocol: hashOf(protocolBytes(document)),
    id: document.id,
    version: 1,
    agency: agency.code,
    reason: 'r',
  };
  const length = federation.links.length;
  const time = testNow + step;
  if (what === 'sign') await federation.sign(document, agency, { time });
  else if (what === 'second') {
    await federation.sign({ ...framework, version: 2, supersedes: hashOf(protocolBytes(framework)) }, agency, { time });
  } else if (what === 'suspend') await federation.append('protocol-suspended', named, { by: agency.officer, time });
  else if (what === 'withdraw') await federation.append('protocol-withdrawn', named, { by: agency.officer, time });
  else if (what === 'end-officer') {
    await federation.append(
      'officer-ended',
      { agency: agency.code, practitioner: agency.officer.officer },
      { by, time },
    );
  } else if (what === 'appoint') {
    await federation.append(
      'officer-appointed',
      { agency: agency.code, officer: officerEntry(agency.officer) },
      { by, time },
    );
  } else if (what === 'revoke')
    await federation.append('key-revoked', { agency: agency.code, kid, reason: 'r' }, { by, time });
  else if (what === 'compromise') {
    await federation.append(
      'key-revoked',
      { agency: agency.code, kid, reason: 'r', compromised_from: Math.max(1, length - 3) },
      { time },
    );
  } else if (what === 'accede') {
    const data = await accededData(document, joiner, federation.agencies.council, { time });
    await federation.append('protocol-acceded', data, { time });
  } else if (what === 'suspend-joined' || what === 'withdraw-joined') {
    const type = what === 'suspend-joined' ? 'protocol-suspended' : 'protocol-withdrawn';
    await federation.append(type, { ...named, agency: joiner.code }, { by: joiner.officer, time });
  } else if (what === 'end-joined') {
    await federation.append('agency-ended', { agency: joiner.code, reason: 'r' }, { time });
  } else await federation.append('agency-ended', { agency: agency.code, reason: 'r' }, { time });
  await federation.state().catch(() => federation.links.splice(length));
}

/** Of nobody who joined is there less than two signatures by members, or a protocol without its framework. */
function expectAccessions(state: RegisterState): void {
  for (const { document, acceded, framework } of state.protocols.values()) {
    for (const { agency, signatures } of acceded) {
      expect(signatures.map((one) => one.agency)).toEqual([agency, 'E08000037']);
      expect(signatures.filter((one) => state.agencies.get(one.agency)?.endedAt !== undefined)).toEqual([]);
      expect(document.parties.map((party) => party.agency)).not.toContain(agency);
      if (document.tier === 'framework') continue;
      const above = state.protocols.get(framework ?? '');
      expect(above?.acceded.map((one) => one.agency)).toContain(agency);
    }
  }
}

function partyOf(federation: Federation, name: (typeof names)[number]) {
  const { code, name: title, kind, signsAs } = federation.agencies[name];
  return { ...aFramework().parties.find((one) => one.agency === code)!, name: title, kind, signs_as: signsAs };
}

it('the same chain gives the same state, at once or link by link, and never a protocol in force that a party has not signed', async () => {
  const action = fc.record({
    what: fc.constantFrom(...acts),
    who: fc.constantFrom(...names),
    which: fc.constantFrom(0 as const, 1 as const),
  });
  const signings: Act[] = [0, 1].flatMap((which) => names.map((who) => ({ what: 'sign', who, which: which as 0 | 1 })));
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 8 }), fc.boolean(), async (actions, signedFirst) => {
      const federation = await aFederation();
      await federation.append('agency-admitted', admissionOf(joiner));
      const all = [...(signedFirst ? signings : []), ...actions];
      for (const [step, one] of all.entries()) await act(federation, one, step);
      const state = await federation.state();
      expect(await federation.state()).toEqual(state);
      expect(await linkByLink(federation)).toEqual(state);
      expectAccessions(state);
      for (const protocol of state.protocols.values()) {
        if (protocol.status !== 'in-force') continue;
        const accounted = [...protocol.signatures.map(({ agency }) => agency), ...protocol.withdrawn];
        expect(new Set(accounted)).toEqual(new Set(protocol.document.parties.map(({ agency }) => agency)));
        expect(protocol.suspendedBy).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});

async function linkByLink({ source, trust, links }: Federation) {
  const { compromises } = await derive(source, trust);
  const derivation = beginDerivation(trust, compromises);
  for (let length = 1; length <= links.length; length += 1) {
    const part = links.slice(0, length);
    await extend(derivation, { ...source, links: (after, limit) => Promise.resolve(part.slice(after, after + limit)) });
  }
  return stateAt(derivation, testNow);
}
