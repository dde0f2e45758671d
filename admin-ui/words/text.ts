/** The text of a protocol in words: its clauses, and what it says about everything else. */
import type { Protocol } from '../../policy/register/protocols/document.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
import { clauseInWords } from './clause.ts';

/** What a text says, for `words/text.njk`. */
export function textInWords(state: RegisterState, document: Protocol) {
  return {
    document,
    clauses: document.clauses.map((clause) => clauseInWords(state, document, clause)),
    sections: sections(document),
  };
}

function sections(document: Protocol) {
  return [
    ['Guidance for practitioners', document.guidance],
    ['People it is about', document.data_subjects.join('. ')],
    ['Privacy notice', document.privacy_notice],
    ['Rights', document.rights],
    ['Accuracy', document.accuracy],
    ['Retention', document.retention],
    ['Security', document.security],
    ['If something goes wrong', document.breach],
    ['Complaints', document.complaints],
    ['Training', document.training],
    [
      'Data protection impact assessment',
      `${document.dpia.reference}, completed ${document.dpia.completed}. ${document.dpia.summary}`,
    ],
  ].map(([heading, text]) => ({ heading, text }));
}
