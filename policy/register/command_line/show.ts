/** `show`: what a text says, in words, and who must sign it. */
import type { Clause, Protocol } from '../protocols/document.ts';
import { readText } from './files.ts';
import { oneFile, type Verb } from './verb.ts';
import { capacityInWords, wrap } from './words.ts';

export const show: Verb = {
  usage: 'show <text>',
  summary:
    'Says what a protocol is: its hash, title, version, parties, who must sign in what capacity, and its clauses.',
  options: {},
  async run(typed, { say }) {
    const { hash, document } = await readText(oneFile(typed, 'the protocol'));
    for (const line of [...heading(hash, document), ...parties(document), ...clauses(document)]) say(line);
    return 0;
  },
};

function heading(hash: string, document: Protocol): string[] {
  const { title, id, version, tier, federation, valid, summary, framework } = document;
  return [
    title,
    `  ${id}, version ${version}, ${tier === 'framework' ? 'a framework' : 'an operational protocol'} of ${federation}`,
    `  Hash: ${hash}`,
    `  Valid from ${valid.from} to ${valid.until}`,
    ...(framework === undefined ? [] : [`  Under the framework ${framework.id} (${framework.hash})`]),
    '',
    ...wrap(summary),
    '',
  ];
}

function parties({ parties: all }: Protocol): string[] {
  const lines = all.map(
    ({ agency, name, signs_as }) => `  ${name} (${agency}): its ${capacityInWords(signs_as)} signs`,
  );
  return [`${all.length} ${all.length === 1 ? 'party' : 'parties'}`, ...lines, ''];
}

function clauses({ clauses: all }: Protocol): string[] {
  if (all.length === 0) return ['It has no clauses: it gives nothing by itself.'];
  return [`${all.length} ${all.length === 1 ? 'clause' : 'clauses'}`, ...all.flatMap(clauseInWords)];
}

function clauseInWords(clause: Clause): string[] {
  const recipients = clause.recipients.map(
    (one) => `${one.role} (${'agency' in one ? one.agency : `any ${one.kind}`})`,
  );
  const lines = [
    ...wrap(`${clause.effect === 'permit' ? 'Allows' : 'Forbids'}: ${clause.text}`, 86),
    `of ${clause.asset} held by ${clause.holders.join(', ')}: ${clause.fields.join(', ')}`,
    `to ${recipients.join(', ')}`,
    `for ${clause.purposes.join(', ')}`,
  ];
  return [`  ${clause.id}`, ...lines.flatMap((line) => wrap(line, 86)).map((line) => `    ${line}`)];
}
