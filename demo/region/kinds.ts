/** Kinds of agency, as the register publishes them: protocols give rights to "every party of a kind". */
import type { KindDefinition } from '../../policy/register/protocols/document.ts';

export const kinds: readonly KindDefinition[] = [
  kind('council', 'Council', 'A local authority: social care, housing, education, public health, youth justice'),
  kind('health', 'Health', 'An NHS trust or another provider of NHS care'),
  kind('police', 'Police', 'A territorial police force'),
  kind('school', 'School', 'A school, academy or college'),
  kind('voluntary', 'Voluntary organisation', 'A charity or community organisation that works with people directly'),
];

function kind(code: string, name: string, description: string): KindDefinition {
  return { type: 'wayleave-kind', code, name, description };
}
