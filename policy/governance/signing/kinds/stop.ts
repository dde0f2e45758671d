/** An agency stops a protocol for itself: until it signs again (suspension), or for good (withdrawal). */
import type { ActingPerson } from '../../../../directory/actor.ts';
import { canonicalBytes, parseJsonStrict } from '../../../../platform/json.ts';
import { PolicyError } from '../../../errors.ts';
import { type EventOf, RegisterEvent } from '../../../register/events/table.ts';
import { appendEvent } from '../../../register/ledger/append.ts';
import { types } from '../../../register/signatures/flattened.ts';
import type { Kind } from './kind.ts';

const stop: Omit<Kind, 'type'> = {
  read(bytes) {
    const { protocol, id, version, reason } = readStop(bytes).data;
    return { protocol, id, version, reason };
  },
  async handIn(context, actor, { bytes, signature }) {
    const event = requireOwn(readStop(bytes), actor);
    await appendEvent(context, context.register, { ...actor }, { event, signature });
  },
};

export const suspension: Kind = { type: types.suspension, ...stop };
export const withdrawal: Kind = { type: types.withdrawal, ...stop };

type Stop = EventOf<'protocol-suspended'> | EventOf<'protocol-withdrawn'>;

function readStop(bytes: Uint8Array): Stop {
  const event = RegisterEvent.parse(parseJsonStrict(Buffer.from(bytes).toString('utf8')));
  if (Buffer.compare(canonicalBytes(event), bytes) !== 0) {
    throw new TypeError('an event is signed in its canonical form');
  }
  if (event.type === 'protocol-suspended' || event.type === 'protocol-withdrawn') return event;
  throw wrongAgency();
}

function requireOwn(event: Stop, { agency }: ActingPerson): Stop {
  if (event.data.agency === agency) return event;
  throw wrongAgency();
}

function wrongAgency(): PolicyError {
  return new PolicyError('forbidden', 'wrong-agency', 'You can stop a protocol for your own agency only.');
}
