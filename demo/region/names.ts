/**
 * Names as one meets them in the North East: families who have been there for ever, and those who came from Scotland,
 * Ireland, South Asia, Poland, Romania, China, West Africa, the Middle East, Czechia and Slovakia, the Philippines, Vietnam and
 * Iran, to shipyards, mines, hospitals and universities. `share` is the weight of the group among invented practitioners.
 */
import data from './names.json' with { type: 'json' };

export type NameGroup = { group: string; share: number; given: readonly string[]; family: readonly string[] };

export const nameGroups: readonly NameGroup[] = data.map(({ given, family, ...group }) => ({
  ...group,
  given: given.split(' '),
  family: family.split(' '),
}));
