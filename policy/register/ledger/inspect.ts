/** One whole verification: the chain from its first link, every text and signature, and every row of the index. */
import type { Queryable } from '../../../platform/database/database.ts';
import type { Protocol } from '../protocols/document.ts';
import type { Derivation, Trust } from '../chain/derivation.ts';
import { derive, type DeriveOptions } from './derive.ts';
import type { Difference } from '../chain/difference.ts';
import { compareIndex } from '../index/compare.ts';
import { emptyRows } from '../index/rows.ts';
import { kindOf } from '../events/table.ts';
import type { Before } from './read_page.ts';
import { storedChain } from './store.ts';
import { whole } from '../chain/turn.ts';

type InspectOptions = Pick<DeriveOptions, 'expected'> & {
  /** What this process verified before, if anything; texts, their signatures and the index tables then come in turns. */
  before?: Before | undefined;
  rest: () => Promise<unknown>;
};

type Inspected = {
  derivation: Derivation;
  /** By table, for those that were compared. */
  differences: Map<number, Difference[]>;
};

/** Derives from what `tx` sees and lists what in the other tables differs. Throws where the chain does not verify. */
export async function inspect(tx: Queryable, trust: Trust, options: InspectOptions): Promise<Inspected> {
  const rows = emptyRows();
  const seen: DeriveOptions['seen'] = ({ event }) =>
    kindOf(event)
      .index(event)
      .forEach((one) => one.note(rows));
  const derivation = await derive(storedChain(tx), trust, { ...options, seen });
  const texts = new Map<string, Protocol>();
  for (const { hash, document } of derivation.protocols.values()) if (document !== undefined) texts.set(hash, document);
  const turn = options.before?.turn ?? whole;
  return { derivation, differences: await compareIndex(tx, rows, texts, { turn, rest: options.rest }) };
}

/** The texts that are missing or not what was signed. */
export function listDamaged({ protocols }: Derivation): Difference[] {
  return [...protocols.values()]
    .filter(({ document }) => document === undefined)
    .map(({ hash, id, version }) => ({
      where: `protocol_text ${hash}`,
      what: `the text of protocol ${id} version ${version} is missing or is not the one that was signed`,
    }));
}
