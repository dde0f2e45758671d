/** What an administrator does for the people of their own agency. */
import { changePost, showPost } from './change-post/change_post.ts';
import { downloadPosts, listPosts } from './list-posts/list_posts.ts';
import { requireAdministrator } from '../session/require_person.ts';
import type { WebContext } from '../context.ts';
import type { RouteSteps } from '../kit/route_steps.ts';

export function addPeoplePages(context: WebContext, { get, post, person, form }: RouteSteps): void {
  get('/posts', person, requireAdministrator, listPosts(context));
  get('/posts.csv', person, requireAdministrator, downloadPosts(context));
  get('/posts/:id', person, requireAdministrator, form, showPost(context));
  post('/posts/:id', person, requireAdministrator, form, changePost(context));
}
