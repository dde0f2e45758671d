/** What one page of a search looks for and finds. */
import type { Circumstances } from '../../deciding/circumstances.ts';

/** What is searched for. */
export type Kind = 'subject' | 'resource' | 'action';

/** Under which circumstances one page looks, from where, and for how many results. `id`: of its record. */
export type Looking<From extends Circumstances = Circumstances> = Omit<From, 'standing' | 'presence'> & {
  id: string;
  after: string | undefined;
  limit: number;
};

/** `next`: where the following page begins, undefined after the last. `until`: epoch seconds until which all of it holds. */
export type Found<Result> = { results: Result[]; looked: number; next: string | undefined; until: number };
