/** What the region's officers are writing: one protocol that its parties comment on, and one that its author has just begun. */

type DemoComment = {
  /** Who says it: the key of a named person, as below. */
  by: string;
  clause?: string;
  text: string;
  blocking?: boolean;
  answer?: string;
};

export type DemoDraft = {
  author: string;
  template: string;
  parties: string[];
  /** Fields that the author has taken out of a clause; an example that still expects them fails. */
  without?: { clause: string; field: string };
  /** Open to its parties, with what they said. */
  consultation?: readonly DemoComment[];
};

const council = 'E08000037';
const hospital = 'RR7';

export const drafts: readonly DemoDraft[] = [
  {
    author: 'siro',
    template: 'homelessness',
    parties: [council, hospital],
    consultation: [
      {
        by: 'caldicott-guardian',
        clause: 'health-practitioners',
        text: 'Our discharge coordinators need to know on the day of admission, not only once somebody is fit to leave. Does the clause cover that?',
        answer:
          'Yes: the purpose is preventing homelessness, and it says nothing of the stage of a stay. The guidance will say so.',
      },
      {
        by: 'health-dpo',
        clause: 'when-a-household-moves',
        text: 'We cannot sign before the impact assessment looks at households that fled from violence. Please add its reference and date.',
        blocking: true,
      },
      {
        by: 'council-dpo',
        text: 'The privacy notice speaks of a card. Who prints it, and in which languages?',
      },
    ],
  },
  {
    author: 'caldicott-guardian',
    template: 'early-help',
    parties: [hospital, council],
    without: { clause: 'nurses', field: 'immunisations' },
  },
];
