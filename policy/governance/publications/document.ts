/** A document that a protocol writes about itself: a small model, so that a page, a print-out and a score all read the same words. */
import { hashOfJson } from '../../register/signatures/canonical.ts';

/**
 * `text` is prose and counts for the reading age. Names of agencies, jobs, laws and parts of a record are not ours to make
 * simpler, so they do not count.
 */
export type Block =
  | { type: 'text'; text: string }
  | { type: 'list'; items: string[] }
  /** Names, without prose. */
  | { type: 'names'; items: string[] }
  /** A name and what it means or what holds of it. */
  | { type: 'terms'; items: { term: string; text: string }[] }
  /** What one clause gives: notes are prose, the rest are names. */
  | { type: 'share'; title: string; from: string[]; to: string[]; fields: string[]; notes: string[] }
  /** Something to fill in with a pen: that many lines. */
  | { type: 'box'; label: string; lines: number }
  /** Something to tick with a pen. */
  | { type: 'choice'; question: string; options: string[] }
  | { type: 'contact'; name: string; lines: string[] };

export type Section = { heading: string; blocks: Block[] };

/** `about` names the agreement and its version; nothing else in it differs between two documents of one text. */
export type GeneratedDocument = { title: string; about: string; sections: Section[] };

/** SHA-256 of the canonical document, base64url: what was approved is exactly this text. */
export function hashOfDocument(document: GeneratedDocument): string {
  return hashOfJson(document);
}

/** A section, or nothing where there is nothing to say in it. */
export function section(heading: string, ...blocks: (Block | undefined)[]): Section[] {
  const said = blocks.filter((block) => block !== undefined).filter(saysSomething);
  return said.length === 0 ? [] : [{ heading, blocks: said }];
}

export const text = (...sentences: string[]): Block => ({
  type: 'text',
  text: sentences.filter((sentence) => sentence !== '').join(' '),
});
export const list = (...items: string[]): Block => ({ type: 'list', items: items.filter((item) => item !== '') });
export const names = (items: Iterable<string>): Block => ({ type: 'names', items: [...new Set(items)] });

/** The prose of a document, a paragraph or list item each. */
export function proseOf({ sections }: GeneratedDocument): string[] {
  return sections.flatMap(({ blocks }) => blocks.flatMap(proseOfBlock));
}

function proseOfBlock(block: Block): string[] {
  switch (block.type) {
    case 'text':
      return [block.text];
    case 'list':
      return block.items;
    case 'terms':
      return block.items.map(({ text }) => text);
    case 'share':
      return block.notes;
    case 'choice':
      return [block.question, ...block.options];
    case 'box':
      return [block.label];
    case 'names':
    case 'contact':
      return [];
  }
}

function saysSomething(block: Block): boolean {
  if (block.type === 'text') return block.text !== '';
  return 'items' in block ? block.items.length > 0 : true;
}
