/** GET /flows and /flows.svg: who gives what to whom, for what: a picture to follow, and the same facts as a table. */
import type Koa from 'koa';
import nunjucks from 'nunjucks';
import { z } from 'zod';
import { collectValues } from '../../../platform/web/body.ts';
import { type FormView, parseFields } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import {
  type Arrow,
  flowGraph,
  type FlowGraph,
  type Node,
} from '../../../policy/governance/publications/flow_graph.ts';
import { drawFlows, type MapLinks } from '../../../policy/governance/publications/flow_map.ts';
import { listFlows } from '../../../policy/governance/publications/flows.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { agencyOptions } from '../list-assets/list_assets.ts';
import { addressOf } from '../../kit/pages.ts';
import { getState } from '../../kit/register_state.ts';
import { citeClause } from '../../words/citation.ts';

const Form = z.object({
  purpose: z.string().max(64, 'Choose a purpose from the list').optional(),
  protocol: z.string().max(64, 'Choose a protocol from the list').optional(),
  agency: z.string().max(32, 'Choose an agency from the list').optional(),
  open: z.string().max(64, 'Choose a kind of agency from the map').optional(),
});
type Query = z.output<typeof Form>;

export function mapFlows(context: WebContext): Koa.Middleware {
  return (ctx) => {
    const state = getState(context);
    const { query, form, graph, links } = mapOf(state, ctx);
    const all = listFlows(state);
    render(ctx, 'protocols/map-flows/map-flows.njk', {
      title: 'Map of flows',
      form,
      purposes: options(all.map(({ purpose }) => [purpose.code, purpose.name])),
      protocols: options(all.map(({ protocol }) => [protocol.id, protocol.title])),
      agencies: agencyOptions(state),
      opened: query.open === undefined ? undefined : nameOfKind(state, query.open),
      close: addressOf('/flows', { ...query, open: undefined }),
      svg: addressOf('/flows.svg', query),
      map: new nunjucks.runtime.SafeString(drawFlows(graph, links)),
      arrows: graph.arrows.map((arrow) => row(graph, arrow)),
    });
  };
}

export function drawMap(context: WebContext): Koa.Middleware {
  return (ctx) => {
    const { graph, links } = mapOf(getState(context), ctx);
    ctx.type = 'image/svg+xml';
    ctx.body = drawFlows(graph, links);
  };
}

function mapOf(
  state: RegisterState,
  ctx: Koa.Context,
): { query: Query; form: FormView; graph: FlowGraph; links: MapLinks } {
  const parsed = parseFields(Form, collectValues(new URLSearchParams(ctx.querystring)));
  const query: Query = parsed.ok ? parsed.data : {};
  const { open, ...filter } = query;
  const graph = flowGraph(listFlows(state, filter), open);
  return { query, form: parsed.form, graph, links: linksOf(query) };
}

/** An arrow of one clause leads to that clause; one of several to its row, where they are listed. */
function linksOf(query: Query): MapLinks {
  return {
    arrow: ({ number, flows }: Arrow) =>
      flows.length === 1 ? flows[0]!.href : `${addressOf('/flows', query)}#flow-${number}`,
    kind: ({ kind, open }: Node) =>
      kind === undefined || open ? undefined : addressOf('/flows', { ...query, open: kind }),
  };
}

function row(graph: FlowGraph, { number, to, flows }: Arrow) {
  const receivers = flows.flatMap(({ share }) => share.receivers);
  const target = graph.recipients.find(({ id }) => id === to);
  const own = receivers.filter(({ parties }) => parties.some(({ kind }) => kind === target?.kind));
  const jobs = target?.open === true ? [target.label] : own.map(({ name }) => name);
  return {
    number,
    from: [...new Set(flows.flatMap(({ share }) => share.holders.map(({ name }) => name)))],
    record: flows[0]!.assetName,
    purpose: flows[0]!.purpose.name,
    to: [...new Set(jobs)],
    kind: target?.kind === undefined ? '' : (flows[0]!.kinds.get(target.kind) ?? target.kind),
    clauses: flows.map(({ share, protocol }) => citeClause(protocol, share.clause)),
  };
}

function options(pairs: readonly (readonly [string, string])[]) {
  const named = [...new Map(pairs)].map(([value, text]) => ({ value, text }));
  return [{ value: '', text: 'All' }, ...named.sort((a, b) => a.text.localeCompare(b.text, 'en'))];
}

function nameOfKind(state: RegisterState, code: string): string {
  return state.kinds.get(code)?.definition.name ?? code;
}
