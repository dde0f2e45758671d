/** What a trial is about, chosen step by step and kept in the address: who, in which post, and whose records. */
import type Koa from 'koa';
import { z } from 'zod';
import { viewEntry } from '../../../directory/finding/view_entry.ts';
import { findStanding } from '../../../directory/people/find_standing.ts';
import { parseFields } from '../../../platform/web/form.ts';
import type { AssetDefinition } from '../../../policy/register/protocols/document.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { getState } from '../../kit/register_state.ts';
import { unknownPerson } from '../../errors.ts';
import { actorOf, personOf } from '../../session/require_person.ts';

export const Chosen = z.object({
  who: z.string().max(64).optional(),
  post: z.string().max(64).optional(),
  type: z.string().max(64).optional(),
  holder: z.string().max(32).optional(),
});

type PostChoice = { id: string; roleName: string; teamName: string; agencyName: string };
type Someone = { who: string; name: string; posts: PostChoice[] };

/** Everything that the question rests on. `facts`: the officer may be shown facts about a data subject of this agency. */
export type Choice = Someone & {
  post: PostChoice;
  asset: AssetDefinition;
  holder: { code: string; name: string };
  facts: boolean;
};

/**
 * Reads the choice as far as it was made. The person must be one whom the officer may find, or of the officer's own agency;
 * looking at them is recorded as any view of an entry.
 */
export async function readChoice(
  context: WebContext,
  ctx: Koa.Context,
  sent: Record<string, string | string[]>,
): Promise<Someone | Choice> {
  const parsed = parseFields(Chosen, sent);
  const { who = '', post, type, holder } = parsed.ok ? parsed.data : {};
  const someone = await findSomeone(context, ctx, who);
  const state = getState(context);
  const chosen = someone.posts.find(({ id }) => id === post);
  const asset = state.assets.get(type ?? '')?.definition;
  const agency = state.agencies.get(holder ?? '');
  if (chosen === undefined || asset === undefined || agency === undefined) return someone;
  const { capacities, post: own } = personOf(ctx);
  const facts = asset.about_a_person && capacities.length > 0 && own.agency === agency.code;
  return { ...someone, post: chosen, asset, holder: { code: agency.code, name: agency.name }, facts };
}

async function findSomeone({ ground }: WebContext, ctx: Koa.Context, id: string): Promise<Someone> {
  const { db, log } = ground;
  const actor = actorOf(ctx);
  const entry = await viewEntry(db, log, actor, id);
  const standing = await findStanding(db, id);
  const shown = new Set(entry?.posts.map(({ value }) => value.id));
  const posts = (standing?.posts ?? []).filter((one) => shown.has(one.id) || one.agency === actor.agency);
  if (standing === undefined || posts.length === 0) throw unknownPerson();
  return { who: id, name: standing.name, posts };
}

/** The choice as the last step sends it along. */
export function toFields({ who, post, asset, holder }: Choice): { name: string; value: string }[] {
  const fields = { who, post: post.id, type: asset.code, holder: holder.code };
  return Object.entries(fields).map(([name, value]) => ({ name, value }));
}

export function postOptions(posts: readonly PostChoice[]) {
  return posts.map(({ id, roleName, teamName, agencyName }) => ({
    value: id,
    text: `${roleName}, ${teamName}, ${agencyName}`,
  }));
}

/** Types of record, by name. */
export function recordOptions({ assets }: RegisterState) {
  const types = [...assets.values()].map(({ definition }) => ({ value: definition.code, text: definition.name }));
  return [{ value: '', text: 'Choose a type of record' }, ...byText(types)];
}

/** Agencies that belong to the federation, by name. */
export function agencyOptions({ agencies }: RegisterState) {
  const members = [...agencies.values()].filter(({ endedAt }) => endedAt === undefined);
  return [
    { value: '', text: 'Choose an agency' },
    ...byText(members.map(({ code, name }) => ({ value: code, text: name }))),
  ];
}

function byText(options: { value: string; text: string }[]): { value: string; text: string }[] {
  return options.sort((one, other) => one.text.localeCompare(other.text, 'en'));
}
