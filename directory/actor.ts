/** Who changes something in the directory, and for which agency. */
import type { LogEvent } from '../platform/log/event.ts';

/**
 * An administrator acting for their agency, or a service (an agency's own staff system, the federation operator, the demo
 * region) that the process itself vouches for. Only rows that `agency` owns can be changed.
 */
export type Actor = { agency: string } & ({ practitioner: string; post?: string } | { service: string });

/** The actor as the log writes it down. */
export function actorOf(actor: Actor): LogEvent['actor'] {
  return { ...actor };
}

/** The id of the person who acts, if it is a person. */
export function personOf(actor: Actor): string | undefined {
  return 'practitioner' in actor ? actor.practitioner : undefined;
}
