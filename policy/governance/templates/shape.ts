/** The shape of a template as JSON: a protocol in which holders and recipients stand as kinds of agency. */
import { z } from 'zod';
import { Clause, Example, Party, Protocol } from '../../register/protocols/document.ts';

const { tier, title, summary, purposes, data_subjects } = Protocol.shape;
const { privacy_notice, rights, accuracy, retention, security, breach, complaints, training, guidance } =
  Protocol.shape;
const kind = z.string();

export const templateSchema = z.object({
  code: z.string(),
  tier,
  title,
  summary,
  kinds: z.array(kind).describe('Kinds of agency that it is written for'),
  purposes,
  data_subjects,
  lawful_basis: z.record(kind, Party.shape.lawful_basis).describe('By kind of agency'),
  part_3: z.record(kind, Party.shape.part_3.unwrap()).optional().describe('By kind of agency'),
  clauses: z.array(
    Clause.extend({
      holders: z.array(kind).describe('Kinds of agency'),
      recipients: z.array(z.object({ role: z.string(), kind })),
    }),
  ),
  examples: z.array(
    Example.omit({ agency: true, holder: true }).extend({ kind, holder_kind: kind }).describe('Who asks whom, by kind'),
  ),
  dpia: z.string().describe('What the parties’ impact assessment has to look at'),
  privacy_notice,
  rights,
  accuracy,
  retention,
  security,
  breach,
  complaints,
  training,
  guidance,
});
