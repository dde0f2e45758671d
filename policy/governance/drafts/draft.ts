/** A draft: the life of a protocol before it is signed, from the first word typed to the last party's signature. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { JsonObject } from '../../../platform/json.ts';
import type { Log } from '../../../platform/log/log.ts';
import { PolicyError } from '../../errors.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import type { OpenRegister } from '../../register/ledger/open.ts';
import { getState } from '../../register/ledger/published.ts';

/** What drafts need of the house. */
export type DraftContext = { db: Database; log: Log; register: OpenRegister; clock: Clock };

/**
 * `signed` follows from the register alone: every party's signature on exactly this text counts now. The others are the
 * author's to choose.
 */
export type DraftState = 'draft' | 'consultation' | 'awaiting-signatures' | 'signed' | 'abandoned';

/** Times are epoch seconds. */
export type DraftSummary = {
  id: string;
  /** The agency whose officers write it. */
  owner: string;
  state: DraftState;
  /** Goes up with every save; a save names the one that it was typed upon. */
  revision: number;
  /** As typed; empty while nothing was. */
  title: string;
  /** The protocol's own id, as typed. */
  protocol: string;
  /** Codes of the agencies that the document names as parties. */
  parties: string[];
  /** SHA-256 of the canonical bytes, once put to signature. */
  hash?: string;
  createdAt: number;
  updatedAt: number;
  /** Practitioner who saved last. */
  updatedBy: string;
};

export type Draft = DraftSummary & {
  /** As typed: it may be incomplete, and what the service fills in by itself is not in it. */
  document: JsonObject;
  /** Whether the reader may change it: an officer of the owner, while it is in draft or consultation. */
  editable: boolean;
};

/** One text that somebody saved. `aside`: it was typed upon a revision that somebody else had saved over meanwhile. */
export type DraftVersion = {
  id: string;
  /** The revision that it made or, set aside, the one that it was typed upon. */
  revision: number;
  aside: boolean;
  savedBy: string;
  savedAt: number;
};

/** A save that came after somebody else's. Nothing is lost: the text is kept as the version `kept`. */
export class DraftMoved extends PolicyError {
  readonly kept: string;
  readonly revision: number;

  constructor(kept: string, revision: number) {
    super(
      'conflict',
      'draft-moved',
      'Somebody else saved this draft while you were writing. Your text is kept as a version of its own: compare the two, then save again.',
    );
    this.kept = kept;
    this.revision = revision;
  }
}

/** The register's verified state; `register-damaged` (503) while it does not verify. */
export function stateOf({ register }: Pick<DraftContext, 'register'>): RegisterState {
  return getState(register, 'no protocol can be written against it');
}

/** Refuses anybody whom the signed register does not name as an officer of the agency they act for (`not-an-officer`). */
export function requireOfficer(context: Pick<DraftContext, 'register'>, actor: ActingPerson): RegisterState {
  const state = stateOf(context);
  const agency = state.agencies.get(actor.agency);
  const officer = agency?.officers.get(actor.practitioner);
  if (agency === undefined || agency.endedAt !== undefined || officer === undefined || officer.endedAt !== undefined) {
    throw new PolicyError(
      'forbidden',
      'not-an-officer',
      'Drafts are for officers of an agency: the people whom the signed register names to sign or review for it.',
    );
  }
  return state;
}

/** The draft does not exist, or not for this reader: the two look the same. */
export function unknownDraft(): PolicyError {
  return new PolicyError('not-found', 'unknown-draft', 'There is no such draft, or it is not open to your agency.');
}
