/** Every protocol of the demo region, in the order in which it is signed, with who signs. */
import type { Party, Protocol } from '../../policy/register/protocols/document.ts';
import { children } from './children.ts';
import { discharge, joinedDischarge } from './discharge.ts';
import { framework } from './framework.ts';
import { catchUpSuspension, immunisationCatchUp, movingBetweenAreas, movingUnsigned } from './not_in_force.ts';
import { hashOf, type Setting } from './parts.ts';
import { youth } from './youth.ts';

/** `joined`: who acceded after all had signed. `suspended`: by whom, and why. */
export type SignedDocument = {
  document: Protocol;
  hash: string;
  signatories: string[];
  joined?: Party[];
  suspended?: { agency: string; reason: string };
};

/** Writes the documents for a federation as of a day: the framework first, since the others name its hash. */
export function writeProtocols(setting: Setting): SignedDocument[] {
  const first = signedByAll(framework(setting));
  return [
    first,
    signedByAll(children(setting, first.hash)),
    { ...signedByAll(discharge(setting, first.hash)), joined: joinedDischarge() },
    signedByAll(youth(setting, first.hash)),
    without(movingUnsigned, signedByAll(movingBetweenAreas(setting, first.hash))),
    { ...signedByAll(immunisationCatchUp(setting, first.hash)), suspended: catchUpSuspension },
  ];
}

function signedByAll(document: Protocol): SignedDocument {
  return { document, hash: hashOf(document), signatories: document.parties.map((one) => one.agency) };
}

function without(agency: string, signed: SignedDocument): SignedDocument {
  return { ...signed, signatories: signed.signatories.filter((one) => one !== agency) };
}
