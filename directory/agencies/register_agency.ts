/** Taking an agency into the directory, and ending its membership. */
import { sql } from '../../platform/database/sql.ts';
import { change } from '../../platform/log/change.ts';
import type { Log } from '../../platform/log/log.ts';
import type { ActingService } from '../actor.ts';
import { administer } from './administer.ts';
import { DirectoryError, notFound } from '../errors.ts';
import type { Agency } from './agency.ts';

export type AgencyInput = Pick<Agency, 'code' | 'codeSystem' | 'codeSource' | 'kind' | 'name' | 'source'> &
  Partial<Pick<Agency, 'switchboard' | 'website' | 'area'>>;

/** Registers an agency by its official code. Done by the federation's service, under the new agency's own code. */
export function registerAgency(log: Log, actor: ActingService, input: AgencyInput): Promise<void> {
  return change(log, { agency: actor.agency }, async (tx) => {
    const kinds = await tx.query(sql`select from kind where code = ${input.kind}`);
    if (kinds.length === 0) {
      throw new DirectoryError('invalid', 'unknown-agency-kind', 'Choose a kind of agency from the catalogue.');
    }
    const added = await tx.query(sql`
      insert into agency (code, code_system, code_source, kind, name, switchboard, website, area, source)
      values (${input.code}, ${input.codeSystem}, ${input.codeSource}, ${input.kind}, ${input.name},
              ${input.switchboard ?? null}, ${input.website ?? null}, ${input.area ?? null}, ${input.source})
      on conflict do nothing returning 1`);
    if (added.length === 0) {
      throw new DirectoryError(
        'conflict',
        'agency-registered-already',
        'An agency with this official code is registered already.',
      );
    }
    tx.record({
      event: 'agency.registered',
      actor,
      agencies: [input.code],
      subject: input.code,
      content: { ...input },
    });
    tx.affects('agency', input.code);
  });
}

/** Ends an agency's membership now: every post in it ends, and its partner systems stop. Done by the federation's service. */
export function endAgency(log: Log, actor: ActingService, input: { reason: string }): Promise<void> {
  return administer(log, actor, async (tx) => {
    const [agency] = await tx.query<{ ended: boolean }>(sql`
      select ended_at is not null as ended from agency where code = ${actor.agency} for update`);
    if (agency === undefined) throw notFound('agency');
    if (agency.ended) return;
    await tx.query(sql`update agency set ended_at = now() where code = ${actor.agency}`);
    tx.record({
      event: 'agency.ended',
      actor,
      agencies: [actor.agency],
      subject: actor.agency,
      content: { ...input },
    });
    tx.affects('agency', actor.agency);
    tx.affects('practitioner', '*');
    tx.affects('partner', '*');
  });
}
