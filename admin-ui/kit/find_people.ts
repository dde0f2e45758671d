/** Finding whom an officer means by a name: people of the own agency, those who left too, then the directory. */
import { listPosts } from '../../directory/people/list_posts.ts';
import { searchPractitioners } from '../../directory/finding/search_practitioners.ts';
import type { WebContext } from '../context.ts';
import type { Person } from '../session/person.ts';

type Meant = { id: string; name: string; where: string };

const most = 10;

/** `more`: others than these ten may be meant too. */
export type MeantByName = { people: Meant[]; more: boolean };

/** The one whose name is exactly that, or who may be meant. The search of the directory is recorded as any other. */
export async function findPeople({ ground }: WebContext, officer: Person, name: string): Promise<MeantByName> {
  const { db, log } = ground;
  const { agency, agencyName, id: post } = officer.post;
  const own = await listPosts(db, agency, { name });
  const seeker = { agency, practitioner: officer.practitioner, post };
  // The directory refuses to look for a name without a letter in it.
  const others = /\p{L}/u.test(name) ? (await searchPractitioners(db, log, seeker, { name })).results : [];
  const meant = new Map<string, Meant>();
  for (const { practitioner, name, role } of own.posts) {
    meant.set(practitioner, { id: practitioner, name, where: `${role}, ${agencyName}` });
  }
  for (const { id, name, posts } of others) {
    if (!meant.has(id))
      meant.set(id, { id, name, where: posts.map((one) => `${one.roleName}, ${one.agencyName}`).join('; ') });
  }
  const exact = [...meant.values()].filter((one) => alike(one.name) === alike(name));
  if (exact.length === 1) return { people: exact, more: false };
  return { people: [...meant.values()].slice(0, most), more: meant.size > most };
}

function alike(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}]/gu, '')
    .toLowerCase();
}
