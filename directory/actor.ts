/** Who acts, and for which agency: the one type for it on every floor. What they may do is looked up, never taken from them. */

/** A person acting for an agency, in one of their posts where they signed in. */
export type ActingPerson = { agency: string; practitioner: string; post?: string };

/** A service that the process itself vouches for: an agency's own staff system, the federation operator, the demo region. */
export type ActingService = { agency: string; service: string };

export type Actor = ActingPerson | ActingService;

/** The id of the person who acts, if it is a person. */
export function personOf(actor: Actor): string | undefined {
  return 'practitioner' in actor ? actor.practitioner : undefined;
}

/** The actor as a column of a table names them: a person's id, or the name of a service. */
export function nameOf(actor: Actor): string {
  return 'practitioner' in actor ? actor.practitioner : actor.service;
}
