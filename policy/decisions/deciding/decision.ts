/** A decision: what was asked, what was answered, and everything an answer must be able to show. "No" is a value here. */
import type { OverrideGround } from '../overrides/review.ts';
import type { ClauseReference } from '../rules/clause.ts';
import type { ReasonCode } from './reasons.ts';

/** A field that was asked for and is not given, with the reason and, where one would have given it, the nearest clause. */
type WithheldField = { field: string; reason: ReasonCode; text: string; clause?: ClauseReference };

/** What the nearest clause still asks for. `override` names what its holder may do in an emergency. */
export type Missing = {
  need: ReasonCode | 'override';
  text: string;
  clause: ClauseReference;
  override?: { grounds: string[]; fields: string[]; minutes: number };
};

/** What an override rests on: a ground and a written reason, or the review that such an override opened minutes ago. */
export type OverrideRequest = { ground: OverrideGround; reason: string } | { review: string };

/** What a decision is about, after the edge has parsed it. */
export type DecisionRequest = {
  subject: { type: string; id: string; post?: string };
  action: string;
  resource: {
    type: string;
    id: string;
    /** Official code of the holding agency. */
    agency: string;
    dataSubject?: { system: string; value: string };
    fields?: string[];
    /** Everything else in `resource.properties`: the attributes, and the area, that conditions test. */
    attributes: Record<string, unknown>;
  };
  purpose?: string;
  userToken?: string;
  override?: OverrideRequest;
};

/** How to reach a human being of the holding agency, beside every refusal. */
export type DutyDesk = { agency: string; name: string; phone: string; hours: string };

export type Decision = {
  /** UUIDv7; `entriesOf` says in which entry of the log it stands. */
  id: string;
  decision: boolean;
  fields: string[];
  withheld: WithheldField[];
  reason: { code: ReasonCode; text: string };
  clauses: ClauseReference[];
  obligations: { id: string; type: string; properties: Record<string, unknown> }[];
  missing: Missing[];
  dutyDesk?: DutyDesk;
  /** The review of the override that the answer rests on, and until when (epoch seconds) it may be gone on under. */
  override?: { review: string; until: number };
  /** Epoch seconds, at most 60 s ahead and never past the end of a fact that the answer rests on. */
  validUntil: number;
};
