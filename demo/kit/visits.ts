/** Invented visits for the table of the example page: the same ones each time. */

export type Visit = { name: string; place: string; note: string; done: boolean; minutes: number; at: number };

const names = ['Ada Example', 'Ben Example', 'Cora Example', 'Dev Example', 'Efua Example'];
const places = ['Gateshead', 'Newcastle upon Tyne', 'Sunderland'];
const notes = [
  '',
  'Came early',
  '=1+1 is not a formula here',
  'A longer note, which is cut off where the window does not have the room for it',
];

/** Newest first; `now` in epoch seconds. */
export function visits(now: number): Visit[] {
  return Array.from({ length: 48 }, (_, index) => ({
    name: `${names[index % names.length]!} ${index + 1}`,
    place: places[(index * 7) % places.length]!,
    note: notes[index % notes.length]!,
    done: index % 3 !== 0,
    minutes: 5 + ((index * 13) % 55),
    at: now - index * 7_200,
  }));
}
