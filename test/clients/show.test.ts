import { describe, expect, it } from '@jest/globals';
import { type Answer, show } from '../../clients/typescript/src/index.ts';
import { anAnswer } from '../support/policy/decision_point.ts';

const now = 1_000;
const giving = (fields: string[], changes: object = {}): Answer =>
  anAnswer({ context: { fields, valid_until: now + 60, ...changes } });

describe('what goes out of a record', () => {
  it('is exactly the permitted fields, each whole, in a copy without prototype', () => {
    const address = { street: 'Saltwell Bank', town: ['Gateshead'] };
    const record = { name: 'Maisie', address, gp: 'Bewick Road' };
    const shown = show(giving(['address', 'name', 'school']), record, now);
    expect({ ...shown }).toEqual({ address, name: 'Maisie' });
    expect(shown.address).toBe(address);
    expect(Object.getPrototypeOf(shown)).toBeNull();
    expect(shown).not.toBe(record);
    expect(JSON.stringify(shown)).not.toContain('Bewick');
  });

  it('is nothing when refused, and nothing once the time is over', () => {
    const record = { name: 'Maisie' };
    const refused = { ...giving(['name']), decision: false };
    for (const answer of [refused, { ...refused, decision: 0 as unknown as boolean }]) {
      expect(Object.keys(show(answer, record, now))).toEqual([]);
    }
    const answer = giving(['name']);
    expect(show(answer, record, now + 59.9).name).toBe('Maisie');
    expect(Object.keys(show(answer, record, now + 60))).toEqual([]);
    expect(Object.keys(show(giving(['name'], { valid_until: Number.NaN }), record, now))).toEqual([]);
    expect(Object.keys(show(giving(['name'], { valid_until: undefined }), record, now))).toEqual([]);
  });

  it('is never what the record inherits, hides or names by a symbol', () => {
    const hidden = Symbol('name');
    const record = Object.create({ inherited: 'x' }) as Record<string | symbol, unknown>;
    Object.defineProperty(record, 'secret', { value: 'x', enumerable: false });
    record[hidden] = 'x';
    record.name = 'Maisie';
    const all = ['inherited', 'secret', 'toString', 'constructor', 'hasOwnProperty', '__proto__', 'name'];
    expect(Reflect.ownKeys(show(giving(all), record, now))).toEqual(['name']);
  });

  it('may be called like members of every object, and changes no prototype', () => {
    const record = JSON.parse('{"__proto__":{"admin":true},"constructor":"builder","toString":"text","x":1}') as object;
    const shown = show(giving(['__proto__', 'constructor', 'toString']), record, now) as Record<string, unknown>;
    expect(new Set(Reflect.ownKeys(shown))).toEqual(new Set(['__proto__', 'constructor', 'toString']));
    expect(Object.getPrototypeOf(shown)).toBeNull();
    expect(shown.admin).toBeUndefined();
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('does not hang on what the record says of itself', () => {
    const record = { name: 'Maisie', gp: 'x', hasOwnProperty: () => true, propertyIsEnumerable: () => true };
    expect(Object.keys(show(giving(['name', 'valueOf']), record, now))).toEqual(['name']);
  });

  it('is read once, and what is withheld is not read at all', () => {
    const reads: string[] = [];
    const record = {
      get name() {
        return reads.push('name').toString();
      },
      get gp(): string {
        throw new Error('not to be read');
      },
    };
    const shown = show(giving(['name']), record, now);
    expect([shown.name, shown.name, ...reads]).toEqual(['1', '1', 'name']);
    expect(() => show(giving(['gp']), record, now)).toThrow('not to be read');
  });

  it('is one record at a time: a list, or nothing at all, is refused aloud', () => {
    for (const record of [[{ name: 'Maisie' }], null, 'text', undefined]) {
      expect(() => show(giving(['0', 'length', 'name']), record as object, now)).toThrow(
        expect.objectContaining({ code: 'record-not-an-object' }),
      );
    }
  });
});
