/** One question on its way through the steps. */
import type { Acting, Obstacle } from './choose_post.ts';
import type { Circumstances } from './circumstances.ts';
import type { DecisionRequest } from './decision.ts';
import type { SubjectFacts } from './gather_facts.ts';
import type { Matched } from './match_clauses.ts';

/** The question with what was found for it: what every further step builds on. */
export type Inquiry<From extends Circumstances = Circumstances> = {
  /** Of the decision. */
  id: string;
  request: DecisionRequest;
  circumstances: From;
  /** Undefined where nobody can be taken to act: `obstacle` says why. */
  acting: Acting | undefined;
  obstacle: Obstacle | undefined;
  matched: Matched;
  facts: SubjectFacts;
};
