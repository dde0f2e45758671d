/** What an agency's administration key signs: by the one that the service holds, or prepared to be signed offline. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { canonicalText } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';
import { appendEvent, type AppendOptions, type Submission } from '../../register/ledger/append.ts';
import type { Head } from '../../register/chain/chain.ts';
import type { EventData, RegisterEvent } from '../../register/events/table.ts';
import type { Signature } from '../../register/signatures/flattened.ts';
import { proposeEvent, signEvent } from '../../register/events/sign.ts';
import { type KeyContext, stateOf } from './context.ts';
import { findHeld, openHeldKey } from './held_keys.ts';

type AdministrativeType = 'key-added' | 'key-revoked' | 'officer-appointed' | 'officer-ended';

/** What is to be written, without its place in the register. */
export type Wanted = { [Type in AdministrativeType]: { type: Type; data: EventData<Type> } }[AdministrativeType];

/** `done`: it stands in the register. Otherwise what is `wanted` must be signed offline by the agency's own key. */
export type Outcome = { done: Head } | { wanted: Wanted };

/**
 * Signs with the administration key that the service holds, and adds the event. Where it holds none, somebody with the
 * agency's own key signs what `prepareEvent` gives. Whoever calls has checked who may want this, and says
 * in `options` which rows tell of it.
 */
export async function signAdministrative(
  context: KeyContext,
  actor: ActingPerson,
  wanted: Wanted,
  options: AppendOptions = {},
): Promise<Outcome> {
  const held = findHeld(context, actor.agency, 'administration');
  const key = held && (await openHeldKey(context, actor.agency, held.kid));
  if (key === undefined) return { wanted };
  const signed = async (head: Head): Promise<Submission> => {
    const event = place(context, wanted, head);
    return { event, signature: await signEvent(event, { agency: actor.agency, key }) };
  };
  return { done: await appendEvent(context, context.register, { ...actor }, signed, options) };
}

/** The event as it would stand next in the register, to be signed offline. */
export function prepareEvent(context: KeyContext, wanted: Wanted): RegisterEvent {
  return place(context, wanted, stateOf(context).head);
}

/** Adds an event that was signed offline; refuses any other than the one that was wanted (`other-event`). */
export function submitPrepared(
  context: KeyContext,
  actor: ActingPerson,
  wanted: Wanted,
  signed: { event: RegisterEvent; signature: Signature },
  options: AppendOptions = {},
): Promise<Head> {
  const { type, data } = signed.event;
  if (type !== wanted.type || canonicalText(data) !== canonicalText(wanted.data)) {
    throw new PolicyError(
      'invalid',
      'other-event',
      'The file holds another event than the one that was prepared here. Download the event again, sign that, and send it.',
    );
  }
  return appendEvent(context, context.register, { ...actor }, signed, options);
}

function place({ config, clock }: KeyContext, { type, data }: Wanted, head: Head): RegisterEvent {
  return proposeEvent(head, { federation: config.federation.name, type, data: data, time: clock() });
}
