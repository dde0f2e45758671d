/**
 * The fixture of the AuthZEN certification scenario (c-1) as Wayleave holds it. Alice is a social worker, Bob a team manager
 * (the scenario's `admin`: a role stands in the directory, and is never taken from what a caller claims). The records' status
 * is known to the system that keeps them, which sends it along with every question.
 */
import { aRecord, permits, type Scenario } from '../../../../support/policy/conformance.ts';

const everybody = ['social-worker', 'team-manager'];
const status = (value: string) => ({ conditions: [{ attribute: 'status', operator: 'eq' as const, value }] });

const records = [
  { type: 'record', id: 'record-1', properties: { status: 'active' } },
  { type: 'record', id: 'record-2', properties: { status: 'archived' } },
];

export const fixture: Scenario = {
  subjectType: 'user',
  people: [
    { name: 'alice', role: 'social-worker' },
    { name: 'bob', role: 'team-manager' },
  ],
  assets: [
    aRecord(
      'record',
      ['read', 'write', 'delete'],
      [
        { name: 'status', type: 'string' },
        { name: 'soft', type: 'boolean' },
      ],
    ),
  ],
  clauses: [
    permits('read', 'record', ['read'], everybody),
    permits('write-active', 'record', ['write'], ['social-worker'], status('active')),
    permits('write-archived', 'record', ['write'], ['team-manager'], status('archived')),
    permits('delete-softly', 'record', ['delete'], ['social-worker'], {
      conditions: [{ attribute: 'soft', operator: 'eq', value: true }],
    }),
  ],
  records,
  attributesOf: ({ id }) => ({ ...records.find((record) => record.id === id)?.properties }),
};

export const evaluation = '/access/v1/evaluation';
export const evaluations = '/access/v1/evaluations';

export const alice = { type: 'user', id: 'alice' };
export const bob = { type: 'user', id: 'bob' };
export const admin = { ...bob, properties: { role: 'admin' } };
export const read = { name: 'read' };
export const write = { name: 'write' };
export const one = { type: 'record', id: 'record-1' };
export const two = { type: 'record', id: 'record-2' };
export const archived = { ...two, properties: { status: 'archived' } };
export const circumstances = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };
