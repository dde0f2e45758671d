/** GET /protocols: every protocol that the register knows, with its parties and how far its signatures are. */
import type Koa from 'koa';
import { render } from '../../platform/web/render.ts';
import type { RegisteredProtocol, RegisterState } from '../../policy/register/state.ts';
import type { WebContext } from '../context.ts';
import { statusWords } from '../words/statuses.ts';

export function listProtocols(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const state = context.register.state();
    render(ctx, 'list-protocols/list-protocols.njk', {
      title: 'Protocols',
      damaged: state === undefined,
      texts: damagedTexts(state),
      frameworks: ofTier(state, 'framework'),
      operational: ofTier(state, 'operational'),
    });
  };
}

function ofTier(state: RegisterState | undefined, tier: 'framework' | 'operational') {
  return [...(state?.protocols.values() ?? [])]
    .filter(({ document }) => document.tier === tier)
    .sort((a, b) => a.document.title.localeCompare(b.document.title) || b.document.version - a.document.version)
    .map(row);
}

function row(protocol: RegisteredProtocol) {
  const { document, signatures } = protocol;
  return {
    title: document.title,
    version: document.version,
    href: `/protocols/${document.id}/${document.version}`,
    summary: document.summary,
    parties: document.parties.map(({ name }) => name).join(', '),
    clauses: document.clauses.length,
    signed: `${signatures.length} of ${document.parties.length} parties have signed`,
    status: statusWords(protocol.status),
  };
}

function damagedTexts(state: RegisterState | undefined) {
  return [...(state?.damaged.values() ?? [])].map(({ id, version }) => ({ id, version }));
}
