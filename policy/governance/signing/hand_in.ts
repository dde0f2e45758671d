/** Handing in what an officer signed, with a passkey here or with a key of their own elsewhere: each kind to where it belongs. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { submitSignature } from '../drafts/sign_draft.ts';
import { appendEvent } from '../../register/ledger/append.ts';
import type { RegisterEvent } from '../../register/events/table.ts';
import { PolicyError } from '../../errors.ts';
import { countersignOffer, offerAccession } from './accessions.ts';
import type { KeyContext } from './context.ts';
import { readStop, type Signed } from './sign.ts';

/** Brings it to the register, which verifies it or says in words why it does not count; an accession waits for its host. */
export async function handIn(context: KeyContext, actor: ActingPerson, signed: Signed): Promise<void> {
  const { kind, bytes, signature, about } = signed;
  if (kind === 'accession') return void (await offerAccession(context, actor, bytes, signature));
  if (kind === 'countersignature') return countersignOffer(context, actor, about ?? '', signature);
  if (kind === 'protocol') {
    if (about !== undefined) return submitSignature(context, actor, about, signature);
    const submission = { text: bytes, agency: actor.agency, signature };
    return void (await appendEvent(context, context.register, { ...actor }, submission));
  }
  const event = requireOwn(readStop(bytes), actor);
  await appendEvent(context, context.register, { ...actor }, { event, signature });
}

function requireOwn(event: RegisterEvent, { agency }: ActingPerson): RegisterEvent {
  const stops = event.type === 'protocol-suspended' || event.type === 'protocol-withdrawn';
  if (stops && event.data.agency === agency) return event;
  throw new PolicyError('forbidden', 'wrong-agency', 'You can stop a protocol for your own agency only.');
}
