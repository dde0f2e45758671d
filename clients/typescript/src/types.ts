/** What is asked and what is answered: OpenID's Authorization API 1.0, with what Wayleave says in its `context`. */
import type { WayleaveError } from './errors.ts';

type Subject = { type: 'practitioner'; id: string; properties?: { post?: string } };
type Properties = {
  /** Official code of the holding agency; may be left out by a partner of one agency. */
  agency?: string;
  data_subject?: { system: string; value: string };
  /** The fields wanted; absent: all of them. */
  fields?: string[];
  /** Attributes of the record, which conditions test. */
  [attribute: string]: unknown;
};
type Resource = { type: string; id: string; properties?: Properties };
type Context = {
  purpose?: string;
  /** Access token of the person's own sign-in at this system. */
  user_token?: string;
};

/** May this person do this with this record? */
export type Question = {
  subject: Subject;
  action: { name: string };
  resource: Resource;
  context?: Context & {
    /** Break-glass: a ground and a reason; or, within its minutes, the review that they opened. Never in a batch. */
    override?: { ground: string; reason: string } | { review: string };
  };
};

/** Who may do this with this record? */
export type SubjectQuestion = {
  subject: { type: 'practitioner' };
  action: { name: string };
  resource: Resource;
  context?: Context;
};
/** With which of these candidates may this person do this? Wayleave keeps no records, so it looks among yours. */
export type ResourceQuestion = {
  subject: Subject;
  action: { name: string };
  resource: Omit<Resource, 'id'>;
  context?: Context & { candidates: { id: string; properties?: Properties }[] };
};
/** What may this person do with this record? */
export type ActionQuestion = { subject: Subject; resource: Resource; context?: Context };

export type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit';

/** A clause as an answer cites it; `hash` names the signed text. */
export type Clause = { protocol: string; version: number; clause: string; hash: string };
export type Withheld = { field: string; reason: string; text: string; clause?: Clause };
export type Obligation = { id: string; type: string; properties: Record<string, unknown> };
export type OverrideOffer = { grounds: string[]; fields: string[]; minutes: number };
export type Missing = { need: string; text: string; clause?: Clause; override?: OverrideOffer };
export type DutyDesk = { agency?: string; name: string; phone: string; hours?: string };

/** The answer to one question. Times are epoch seconds by this machine's clock, wherever that stands beside Wayleave's. */
export type Answer = {
  decision: boolean;
  context: {
    /** Of the decision, and of its entry in Wayleave's log; absent where Wayleave decided nothing. */
    id?: string;
    /** The fields that may be shown, and no other. Empty on a refusal. */
    fields: string[];
    withheld: Withheld[];
    reason: { code: string; text: string };
    clauses: Clause[];
    obligations: Obligation[];
    missing: Missing[];
    /** The answer is for one use, until then: a minute from its arrival at most. */
    valid_until: number;
    duty_desk?: DutyDesk;
    override?: { review: string; until: number };
  };
  /** Why there is no answer of Wayleave's; `decision` is then false. */
  failure?: WayleaveError;
};

export type ObligationState = { id: string; state: 'done' | 'refused'; note?: string };
