/** What stands around every signed-in page: the navigation, and who is signed in. */
import type { Layout, Link } from '../../platform/web/layout.ts';
import { mayReadLog, type Person } from './person.ts';

export function layoutFor(person: Person, path: string): Layout {
  const link = (text: string, href: string): Link => ({
    text,
    href,
    current: href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`),
  });
  return {
    navigation: [
      link('Home', '/'),
      link('Directory', '/directory'),
      link('Protocols', '/protocols'),
      link('Consent', '/consent'),
      link('Agencies', '/agencies'),
      ...(person.capacities.length > 0 ? [link('Reviews', '/reviews')] : []),
      ...(mayReadLog(person) ? [link('Log', '/log'), link('Register', '/register')] : []),
    ],
    search: { action: '/directory', name: 'name', label: 'Find a colleague' },
    account: {
      name: person.name,
      post: `${person.post.roleName}, ${person.post.agencyName}`,
      links: [
        ...(person.activePosts > 1 ? [{ text: 'Change post', href: '/sign-in?change-post' }] : []),
        { text: 'Sign out', href: '/sign-out' },
      ],
    },
  };
}
