/** A kind of thing that an officer signs: the type of its signatures, what it is about, and where it is handed in. */
import type { ActingPerson } from '../../../../directory/actor.ts';
import type { Signature, SignatureType } from '../../../register/signatures/flattened.ts';
import type { KeyContext } from '../context.ts';

/** What was signed: canonical bytes. `about`: the draft that is signed, or the accession that is countersigned. */
export type SignedBytes = { bytes: Uint8Array; signature: Signature; about?: string };

/** What the bytes say, for whoever is asked to sign: the text by hash, name and version, and who joins or why it stops. */
export type Subject = {
  protocol: string;
  id: string;
  version: number;
  title?: string;
  joins?: string;
  reason?: string;
};

export type Kind = {
  type: SignatureType;
  /** Reads the bytes; throws for what could not be handed in. */
  read(bytes: Uint8Array): Subject;
  /** Brings it to the register, which verifies it or says in words why it does not count; an accession waits for its host. */
  handIn(context: KeyContext, actor: ActingPerson, signed: SignedBytes): Promise<unknown>;
};
