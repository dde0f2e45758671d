/** Writing down who agreed, who refused and who works with whom, as the agencies' own systems would. */
import { read } from '../../platform/database/transaction.ts';
import type { Ground } from '../../platform/ground.ts';
import { listInvolvements } from '../../policy/decisions/involvement/involvement.ts';
import { createPseudonym } from '../../policy/decisions/involvement/pseudonym.ts';
import { recordConsent } from '../../policy/decisions/consent/record_consent.ts';
import { recordInvolvement } from '../../policy/decisions/involvement/record_involvement.ts';
import { consents, involvements } from '../facts.ts';

const service = 'demo region';

/** True once the last of the facts is on record; they are written in order, so then all of them are. */
export async function factsAreRecorded({ db, config }: Pick<Ground, 'db' | 'config'>): Promise<boolean> {
  const last = involvements.at(-1)!;
  const subject = createPseudonym(config.masterKey)(last.subject);
  const known = await read(db, { reading: 'standing' }, (tx) => listInvolvements(tx, [subject]));
  return (known.get(subject) ?? []).some(({ practitioner }) => practitioner === last.practitioner);
}

/** Records them all. Said twice, a fact is the same fact: a load that was cut short may begin again. */
export async function recordFacts({ log, config, clock }: Pick<Ground, 'log' | 'config' | 'clock'>): Promise<void> {
  const pseudonym = createPseudonym(config.masterKey);
  for (const { agency, subject, purpose, ...words } of consents) {
    const said = { ...words, subject: pseudonym(subject), scope: { purpose } };
    await recordConsent(log, { agency, service }, said);
  }
  for (const { agency, subject, practitioner, confirmedBy } of involvements) {
    const known = { subject: pseudonym(subject), practitioner, from: clock() - 60 * 86_400, confirmedBy };
    await recordInvolvement(log, { agency, service }, known);
  }
}
