/** The events of the log, as people read them. */

const events: Record<string, string> = {
  decision: 'Decision',
  'evaluation-not-readable': 'Question that could not be read',
  'sign-in': 'Sign-in',
  'sign-in.throttled': 'Failed sign-ins were slowed down',
  'sign-out': 'Sign-out',
  'post.chosen': 'Acting post chosen',
  'grant.revoked': 'Access to a partner system ended',
  'credential.imported': 'Sign-in details loaded',
  'credential.password-set': 'Password set',
  'credential.totp-enrolled': 'Authenticator app set up',
  'credential.accepted-from-agency': 'Sign-ins of another agency accepted',
  'directory.search': 'Directory search',
  'directory.entry-viewed': 'Directory entry opened',
  'log.opened': 'Log opened',
  'log.read': 'Log read',
  'content-erased': 'Content of entries erased',
  'agency.imported': 'Agency loaded into the directory',
  'agency.registered': 'Agency added to the directory',
  'agency.ended': 'Agency left the directory',
  'team.added': 'Team added',
  'duty-desk.set': 'Duty desk changed',
  'administrator.appointed': 'Administrator appointed',
  'administrator.dismissed': 'Administrator dismissed',
  'practitioner.admitted': 'Person added to the directory',
  'practitioner.suspended': 'Person suspended',
  'practitioner.restored': 'Person restored',
  'practitioner.left': 'Person has left',
  'post.given': 'Post given',
  'post.ended': 'Post ended',
  'post.suspended': 'Post suspended',
  'post.restored': 'Post restored',
  'registration.recorded': 'Professional registration recorded',
  'registration.lapsed': 'Professional registration lapsed',
  'partner.registered': 'Partner system registered',
  'partner.moved': 'Partner system moved to another address',
  'partner.suspended': 'Partner system suspended',
  'partner.restored': 'Partner system restored',
  'consent.given': 'Consent given',
  'consent.refused': 'Consent refused',
  'consent.withdrawn': 'Consent withdrawn',
  'consent.objected': 'Objection recorded',
  'consent.objection-answered': 'Objection answered',
  'consent.looked-up': 'Consent of a person looked up',
  'override.used': 'Override used',
  'override.reviewed': 'Override reviewed',
  'obligation.acknowledged': 'Duties reported',
  'involvement.recorded': 'Involvement recorded',
  'involvement.ended': 'Involvement ended',
  'document.approved': 'Document approved for the public',
  'document.withdrawn': 'Approval of a public document taken back',
  'training.acknowledged': 'Guide to a protocol read',
  'register.agency-admitted': 'Agency admitted to the register',
  'register.agency-ended': 'Agency left the register',
  'register.key-added': 'Key added to the register',
  'register.key-revoked': 'Key revoked in the register',
  'register.officer-appointed': 'Officer appointed',
  'register.officer-ended': 'Officer’s capacity ended',
  'register.definition-published': 'Definition published',
  'register.protocol-signed': 'Protocol signed',
  'register.protocol-acceded': 'Protocol acceded to',
  'register.protocol-suspended': 'Protocol suspended',
  'register.protocol-withdrawn': 'Protocol withdrawn from',
  'register.damage-noticed': 'Register found changed by hand',
};

/** The name of an event; one that has no words yet is named plainly by its code. */
export function eventWords(event: string): string {
  const plain = event.replaceAll(/[.-]/g, ' ');
  return events[event] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** The events that the filter of the log offers, in the order of their words. */
export const knownEvents = Object.entries(events)
  .map(([value, text]) => ({ value, text }))
  .sort((a, b) => a.text.localeCompare(b.text));
