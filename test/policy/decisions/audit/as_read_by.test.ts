/** Entries of the log as officers of one agency read them. */
import { expect, test } from '@jest/globals';
import type { LogEntry } from '../../../../platform/log/read.ts';
import { asReadBy } from '../../../../policy/decisions/audit/as_read_by.ts';
import { pseudonymFor } from '../../../../policy/decisions/involvement/pseudonym.ts';
import { gateshead, hospitals } from '../../../support/directory/directory.ts';
import { theChild } from '../../../support/policy/decisions.ts';
import { testMasterKey as masterKey } from '../../../support/platform/database.ts';

const anEntry = (event: string, content: LogEntry['content']): LogEntry => ({
  id: '0198d3a4-0000-7000-8000-000000000001',
  position: 7,
  time: 1_790_000_000,
  event,
  epoch: 3,
  register: undefined,
  agencies: [gateshead, hospitals],
  ...(content && { content }),
  intact: true,
});
const read = (entry: LogEntry, agency = gateshead) => asReadBy(masterKey, { agency }, entry);
const own = pseudonymFor(masterKey, { agency: gateshead }, theChild);

test.each<[string, object, object]>([
  ['consent.given', { id: 'c', subject: theChild, protocol: 'p' }, { id: 'c', subject: own, protocol: 'p' }],
  ['consent.looked-up', { subject: theChild }, { subject: own }],
  ['involvement.recorded', { subject: theChild, post: null }, { subject: own, post: null }],
  [
    'search.action',
    { request: { resource: { type: 'x', id: theChild, data_subject: theChild } } },
    { request: { resource: { type: 'x', id: own, data_subject: own } } },
  ],
  [
    'decision.tried',
    { request: { resource: { type: 'x', data_subject: theChild } } },
    { request: { resource: { type: 'x', data_subject: own } } },
  ],
  // What is called the same and is none stays what it is.
  ['draft.commented', { subject: 'title', request: 'later' }, { subject: 'title', request: 'later' }],
])('%s names the data subject as this agency knows them', (event, content, shown) => {
  expect(read(anEntry(event, content as never)).content).toEqual(shown);
});

test('each agency reads a pseudonym of its own, always the same', () => {
  const entry = anEntry('consent.given', { subject: theChild });
  expect(read(entry)).toEqual(read(entry));
  expect(read(entry, hospitals)).not.toEqual(read(entry));
});

test('what was erased has nothing to show, and what was changed by hand says so', () => {
  const erased = anEntry('decision', undefined);
  expect(read(erased)).toEqual(erased);
  const sealed = { commitment: 'x', text: Buffer.from('not what was sealed') };
  const shown = read({
    ...anEntry('decision', { request: { resource: { type: 'x', data_subject: theChild } } }),
    sealed,
  });
  expect(shown).toMatchObject({ intact: false, content: { request: { resource: { type: 'x', data_subject: own } } } });
  expect(JSON.stringify(shown.content)).not.toContain(theChild);
});
