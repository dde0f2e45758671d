/** GET and POST /protocols/{id}/{version}/documents: what a protocol writes about itself, how hard it reads, and what is public. */
import type Koa from 'koa';
import { z } from 'zod';
import { emptyForm, parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { approveDocument, keepPrivate, withdrawApproval } from '../../../policy/governance/publications/approve.ts';
import {
  type DocumentKind,
  documentAddress,
  documentKinds,
  kindName,
} from '../../../policy/governance/publications/kinds.ts';
import { isDpo } from '../../../policy/governance/publications/publication.ts';
import {
  type Approval,
  keptKey,
  listApprovals,
  listDocuments,
  listKeptPrivate,
} from '../../../policy/governance/publications/published.ts';
import { readingAge, wantedAge } from '../../../policy/governance/publications/reading_age.ts';
import type { RegisteredProtocol } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getProtocol, getState } from '../../kit/register_state.ts';
import { actorOf, personOf } from '../../session/require_person.ts';

const Form = z.object({
  deed: z.enum(['approve', 'keep', 'withdraw'], 'Choose what to do').optional(),
  text: z.string().max(64).prefault(''),
});

export function listPublications(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { state, protocol, base } = publishedFrom(context, ctx);
    const { agency, agencyName } = personOf(ctx).post;
    const decisions = await decisionsOf(context, protocol, agency);
    render(ctx, 'protocols/publish-documents/list.njk', {
      title: `Documents: ${protocol.document.title}`,
      protocol: { title: protocol.document.title, href: base },
      agencyName,
      wantedAge,
      documents: listDocuments(state, protocol, agency).map(({ kind, document, text }) => ({
        name: kindName(kind),
        href: `${base}/documents/${kind}`,
        age: readingAge(document).age,
        state: stateOf(decisions, protocol, kind, text),
      })),
    });
  };
}

export function showPublication(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const source = publishedFrom(context, ctx);
    const { state, protocol, base } = source;
    const person = personOf(ctx);
    const { agency, agencyName } = person.post;
    const { kind, document, text } = documentOf(source, ctx, agency);
    const decisions = await decisionsOf(context, protocol, agency);
    render(ctx, 'protocols/publish-documents/show.njk', {
      title: `${kindName(kind)}: ${protocol.document.title}`,
      form: emptyForm(Form),
      base,
      name: kindName(kind),
      kind,
      agencyName,
      document,
      text,
      score: readingAge(document),
      wantedAge,
      state: stateOf(decisions, protocol, kind, text),
      approved: decisions.approvals.some((one) => one.document === kind),
      publishable: isPublishable(protocol),
      dpo: isDpo(state, person.actor),
      address: documentAddress(protocol.document.id, kind, agency),
      done: ctx.query.done,
    });
  };
}

export function decidePublication(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const source = publishedFrom(context, ctx);
    const actor = actorOf(ctx);
    const { kind } = documentOf(source, ctx, actor.agency);
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok || parsed.data.deed === undefined) {
      throw new WebApplicationError(
        'invalid',
        'nothing-chosen',
        'Press one of the buttons: approve, keep private, or take back.',
      );
    }
    const input = { protocol: source.protocol.hash, document: kind, text: parsed.data.text };
    const publication = { log: context.ground.log, register: context.register };
    if (parsed.data.deed === 'approve') await approveDocument(publication, actor, input);
    else if (parsed.data.deed === 'keep') await keepPrivate(publication, actor, input);
    else await withdrawApproval(publication, actor, input);
    ctx.redirect(`${source.base}/documents/${kind}?done=${parsed.data.deed}`);
  };
}

function publishedFrom(context: WebContext, ctx: Koa.Context) {
  const { id, version } = ctx.params as { id: string; version: string };
  const state = getState(context);
  return { state, protocol: getProtocol(state, id, version), base: `/protocols/${id}/${version}` };
}

const isPublishable = ({ status }: RegisteredProtocol): boolean => ['in-force', 'not-yet-valid'].includes(status);

type Decisions = { approvals: Approval[]; kept: ReadonlySet<string> };

async function decisionsOf({ ground }: WebContext, protocol: RegisteredProtocol, agency: string): Promise<Decisions> {
  return {
    approvals: await listApprovals(ground.db, { protocols: [protocol.hash], agency }),
    kept: await listKeptPrivate(ground.db, agency),
  };
}

function documentOf({ state, protocol }: ReturnType<typeof publishedFrom>, ctx: Koa.Context, agency: string) {
  const { kind } = ctx.params as { kind: string };
  const known = documentKinds.find((one) => one === kind);
  const found = listDocuments(state, protocol, agency).find((one) => one.kind === known);
  if (found !== undefined) return found;
  throw new WebApplicationError('not-found', 'no-such-document', 'This protocol gives your agency no such document.');
}

/** A decision about another text of the same document does not count: what changed must be read again. */
function stateOf({ approvals, kept }: Decisions, protocol: RegisteredProtocol, document: DocumentKind, text: string) {
  const approval = approvals.find((one) => one.document === document);
  if (kept.has(keptKey({ protocol: protocol.hash, document, text })) && approval?.text !== text) {
    return { text: 'Kept private', tag: 'grey', at: 0 };
  }
  if (approval === undefined && !isPublishable(protocol)) return { text: 'Not public', tag: 'grey', at: 0 };
  if (approval === undefined) return { text: 'Not public yet', tag: 'yellow', at: 0 };
  if (approval.text !== text) return { text: 'Changed since it was approved', tag: 'orange', at: approval.approvedAt };
  return { text: 'Public', tag: 'green', at: approval.approvedAt };
}
