/** Who writes down a fact about a data subject, and for which agency. */

/** A practitioner of the agency, or a system of the agency's own that the process vouches for. */
export type FactActor = { agency: string } & ({ practitioner: string; post?: string } | { service: string });

/** The actor as the facts tables name them. */
export function nameOf(actor: FactActor): string {
  return 'practitioner' in actor ? actor.practitioner : actor.service;
}
