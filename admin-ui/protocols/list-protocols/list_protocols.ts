/** GET /protocols: every protocol that the register knows, with its parties and how far its signatures are. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import type { RegisteredProtocol, RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { mayReadLog } from '../../session/person.ts';
import { personOf } from '../../session/require_person.ts';
import { statusWords } from '../../words/statuses.ts';

export function listProtocols(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const state = context.register.state();
    const { post, capacities } = personOf(ctx);
    const { agency } = post;
    render(ctx, 'protocols/list-protocols/list-protocols.njk', {
      title: 'Protocols',
      damaged: state === undefined,
      mayDraft: capacities.length > 0,
      officer: mayReadLog(personOf(ctx)),
      texts: damagedTexts(state),
      frameworks: ofTier(state, 'framework', agency),
      operational: ofTier(state, 'operational', agency),
    });
  };
}

function ofTier(state: RegisterState | undefined, tier: 'framework' | 'operational', own: string) {
  return [...(state?.protocols.values() ?? [])]
    .filter(({ document }) => document.tier === tier)
    .sort((a, b) => a.document.title.localeCompare(b.document.title) || b.document.version - a.document.version)
    .map((protocol) => row(protocol, own));
}

function row(protocol: RegisteredProtocol, own: string) {
  const { document } = protocol;
  return {
    title: document.title,
    version: document.version,
    href: `/protocols/${document.id}/${document.version}`,
    summary: document.summary,
    signed: signedInWords(protocol),
    clauses: clausesInWords(document.clauses.length),
    own: ownPart(protocol, own),
    status: statusWords(protocol.status),
  };
}

function clausesInWords(count: number): string {
  if (count === 0) return 'It gives nothing by itself';
  return count === 1 ? '1 clause' : `${count} clauses`;
}

function signedInWords({ document, signatures, acceded }: RegisteredProtocol): string {
  const parties = document.parties.length;
  const signed = signatures.length === parties ? 'and all have signed' : `of which ${signatures.length} have signed`;
  const later = acceded.length === 1 ? '. 1 agency joined later' : `. ${acceded.length} agencies joined later`;
  return `${parties} parties, ${signed}${acceded.length === 0 ? '' : later}`;
}

function ownPart({ document, unsigned, acceded }: RegisteredProtocol, own: string): string {
  if (acceded.some(({ agency }) => agency === own)) return 'Your agency has joined it.';
  if (!document.parties.some(({ agency }) => agency === own)) return 'Your agency is not a party.';
  return unsigned.includes(own) ? 'Your agency has still to sign.' : 'Your agency is a party.';
}

function damagedTexts(state: RegisterState | undefined) {
  return [...(state?.damaged.values() ?? [])].map(({ id, version }) => ({ id, version }));
}
