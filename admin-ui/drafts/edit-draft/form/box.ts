/** What `document-form.njk` draws, and which box shows a mistake. */

/** `params` are the govuk macro's own. */
export type Box =
  | { macro: 'input' | 'textarea' | 'select' | 'radios' | 'checkboxes'; params: Params; follow?: string }
  | { macro: 'group'; legend: string; hint?: string; id: string; error?: string; boxes: Box[] }
  | {
      macro: 'list';
      legend: string;
      hint?: string;
      id: string;
      error?: string;
      item: string;
      length: string;
      items: Item[];
    };
/** `covers`: pointers that are shown at this box beside its own. */
type Params = { id: string; covers: string[]; [option: string]: unknown };
type Item = { at: string; number: number; first: boolean; last: boolean; boxes: Box[]; error?: string };

/** The id of the box that shows a mistake, or of what stands nearest around it; `form` where there is nothing. */
export function nearestBox(boxes: readonly Box[], pointer: string): string {
  const around = placesOf(boxes).filter(([place]) => pointer === place || pointer.startsWith(`${place}/`));
  return around.toSorted(([left], [right]) => right.length - left.length)[0]?.[1] ?? 'form';
}

/** Every pointer that the boxes stand for, with the id of the element. */
function placesOf(boxes: readonly Box[]): [pointer: string, id: string][] {
  return boxes.flatMap((box): [string, string][] => {
    if (box.macro === 'group') return [[box.id, box.id], ...placesOf(box.boxes)];
    if (box.macro === 'list') {
      const items = box.items.flatMap(({ at, boxes: inner }): [string, string][] => [[at, at], ...placesOf(inner)]);
      return [[box.id, box.id], ...items];
    }
    const { id, covers } = box.params;
    return [id, ...covers].map((pointer) => [pointer, id]);
  });
}
