/** The part of a draft that can be read already, so that its examples and effects can be shown while it is being written. */
import type { z } from 'zod';
import type { JsonObject } from '../../../platform/json.ts';
import { Clause, Party, Protocol } from '../../register/protocols/document.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { completeDocument } from './complete.ts';

/** A protocol of every part that has its form; what has none yet is left out, or empty. */
export function readablePart(state: RegisterState, document: JsonObject): Protocol {
  const complete = completeDocument(state, document);
  const parsed = Protocol.safeParse(complete);
  if (parsed.success) return parsed.data;
  const parts = Object.entries(Protocol.shape).flatMap(([key, schema]) => {
    const value = (schema as z.ZodType).safeParse(complete[key]);
    return value.success && value.data !== undefined ? [[key, value.data]] : [];
  });
  return {
    ...empty,
    ...Object.fromEntries(parts),
    parties: listOf(Party, complete.parties),
    clauses: listOf(Clause, complete.clauses),
  };
}

function listOf<S extends z.ZodType>(schema: S, list: unknown): z.output<S>[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) => {
    const parsed = schema.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}

const empty: Protocol = {
  type: 'wayleave-protocol',
  federation: '',
  id: 'draft',
  version: 1,
  tier: 'operational',
  title: '',
  summary: '',
  parties: [],
  purposes: [],
  data_subjects: [],
  clauses: [],
  pins: { assets: {}, roles: {}, kinds: {} },
  dpia: { reference: '', completed: '2000-01-01', summary: '' },
  privacy_notice: '',
  rights: '',
  accuracy: '',
  retention: '',
  security: '',
  breach: '',
  complaints: '',
  training: '',
  guidance: '',
  valid: { from: '2000-01-01', until: '2000-01-01' },
  review: '2000-01-01',
  examples: [],
};
