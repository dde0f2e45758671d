/** GET /protocols/{id}/{version}: one protocol as it was signed, its clauses in words, and the state of each signature. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { findMember, sourceOf } from '../../../policy/governance/publications/source.ts';
import type { Party } from '../../../policy/register/protocols/document.ts';
import type {
  Acceded,
  RegisteredProtocol,
  RegisterState,
  VerifiedSignature,
} from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { getProtocol, getState } from '../../kit/register_state.ts';
import type { Person } from '../../session/person.ts';
import { personOf } from '../../session/require_person.ts';
import { lawfulBasisWords } from '../../words/articles.ts';
import { inSentence } from '../../words/sentence.ts';
import { capacityWords, statusWords } from '../../words/statuses.ts';
import { textInWords } from '../../words/text.ts';

export function viewProtocol(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id, version } = ctx.params as { id: string; version: string };
    const protocol = getProtocol(context.register.state(), id, version);
    const state = getState(context);
    render(ctx, 'protocols/view-protocol/view-protocol.njk', {
      ...toModel(state, protocol),
      signed: ctx.query.signed === '1',
      deeds: deeds(personOf(ctx), protocol),
      mayDraft: mayDraft(personOf(ctx), protocol),
      takesPart: findMember(sourceOf(state, protocol), personOf(ctx).post.agency) !== undefined,
    });
  };
}

/** Officers of a party draft its next version. */
function mayDraft({ post, capacities }: Person, { document }: RegisteredProtocol): boolean {
  return capacities.length > 0 && document.parties.some(({ agency }) => agency === post.agency);
}

function toModel(state: RegisterState, protocol: RegisteredProtocol) {
  const { document } = protocol;
  return {
    title: document.title,
    hash: protocol.hash,
    valid: {
      from: seconds(document.valid.from),
      until: seconds(document.valid.until),
      review: seconds(document.review),
    },
    status: statusWords(protocol.status),
    framework: framework(state, protocol),
    parties: document.parties.map((party) => partyInWords(state, protocol, party)),
    rejected: protocol.rejected.map(({ agency, why }) => ({ agency: state.agencies.get(agency)?.name ?? agency, why })),
    acceded: protocol.acceded.map((one) => accededInWords(state, one)),
    ...textInWords(state, document),
  };
}

/** What an officer can do about it, from what their agency has signed. */
function deeds(
  { post, capacities }: Person,
  { hash, document, signatures, acceded, unsigned, suspendedBy }: RegisteredProtocol,
) {
  if (capacities.length === 0) return [];
  const { agency } = post;
  const page = `/protocols/${document.id}/${document.version}`;
  const holds = [...signatures, ...acceded].some((one) => one.agency === agency);
  const party = document.parties.some((one) => one.agency === agency);
  const again = suspendedBy.includes(agency);
  const stopped = acceded.some((one) => one.agency === agency && one.suspended);
  return [
    ...(party && (unsigned.includes(agency) || again)
      ? [{ href: `/signing/${hash}`, text: again ? 'Sign it again, to go on' : 'Sign it' }]
      : []),
    ...(holds ? [{ href: `${page}/stop`, text: 'Suspend or withdraw from it' }] : []),
    ...(!party && (!holds || stopped)
      ? [{ href: `${page}/join`, text: stopped ? 'Join it again, to go on' : 'Join it' }]
      : []),
  ];
}

/** Noon of a day, so that it is that day in London too. */
const seconds = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000;

function framework(state: RegisterState, protocol: RegisteredProtocol) {
  const above = protocol.framework === undefined ? undefined : state.protocols.get(protocol.framework)?.document;
  return above && { title: above.title, href: `/protocols/${above.id}/${above.version}` };
}

function partyInWords(state: RegisterState, protocol: RegisteredProtocol, party: Party) {
  const signature = protocol.signatures.find(({ agency }) => agency === party.agency);
  return {
    name: party.name,
    code: party.agency,
    kind: state.kinds.get(party.kind)?.definition.name ?? party.kind,
    signsAs: inSentence(capacityWords(party.signs_as)),
    withdrawn: protocol.withdrawn.includes(party.agency),
    suspended: protocol.suspendedBy.includes(party.agency),
    signature: signature && signatureInWords(signature),
    lawfulBasis: basisInWords(party),
  };
}

function basisInWords({ regime, lawful_basis: basis }: Party): string[] {
  const law = regime === 'dpa-part-3' ? 'Data Protection Act 2018, Part 3' : 'UK GDPR';
  return [`${law}. ${lawfulBasisWords(basis)}`, basis.statutory_powers.join('. '), basis.confidence_basis];
}

function signatureInWords(signature: VerifiedSignature) {
  return {
    officer: signature.officerName,
    capacity: inSentence(capacityWords(signature.capacity)),
    at: signature.signedAt,
    position: signature.position,
    how: signature.with === 'passkey' ? 'Signed here, with their passkey.' : 'Signed with a key that the agency holds.',
  };
}

function accededInWords(state: RegisterState, { agency, party, signatures: [own, host], suspended }: Acceded) {
  const hostName = state.agencies.get(host.agency)?.name ?? host.agency;
  return {
    code: agency,
    name: party.name,
    lawfulBasis: basisInWords(party),
    suspended,
    signatures: [
      { tag: 'Joined', ...signatureInWords(own) },
      { tag: 'Agreed', agency: hostName, ...signatureInWords(host) },
    ],
  };
}
