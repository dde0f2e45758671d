/** One whole verification: the chain from its first link, every text and signature, and every row of the index. */
import type { Queryable } from '../../platform/database/database.ts';
import type { Derivation, Trust } from './derivation.ts';
import { derive, type DeriveOptions } from './derive.ts';
import type { Difference } from './difference.ts';
import { compareIndex } from './index/compare.ts';
import { emptyRows, noteEvent } from './index/rows.ts';
import { storedChain } from './store.ts';

/** Derives from what `tx` sees and lists what in the other tables differs. Throws where the chain does not verify. */
export async function inspect(
  tx: Queryable,
  trust: Trust,
  options: Pick<DeriveOptions, 'expected' | 'known'>,
): Promise<{ derivation: Derivation; differences: Difference[] }> {
  const rows = emptyRows();
  const derivation = await derive(storedChain(tx), trust, { ...options, seen: ({ event }) => noteEvent(rows, event) });
  const texts = new Map(
    [...derivation.protocols].flatMap(([hash, { document }]) =>
      document === undefined ? [] : [[hash, document] as const],
    ),
  );
  return { derivation, differences: [...listDamaged(derivation), ...(await compareIndex(tx, rows, texts))] };
}

function listDamaged({ protocols }: Derivation): Difference[] {
  return [...protocols.values()]
    .filter(({ document }) => document === undefined)
    .map(({ hash, id, version }) => ({
      where: `protocol_text ${hash}`,
      what: `the text of protocol ${id} version ${version} is missing or is not the one that was signed`,
    }));
}
