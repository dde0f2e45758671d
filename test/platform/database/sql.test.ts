import { describe, expect, it } from '@jest/globals';
import { joinSql, sql } from '../../../platform/database/sql.ts';

describe('the sql tag', () => {
  it('binds every value as a parameter, in order', () => {
    const query = sql`select id from post where agency = ${'E08000021'} and role = ${'teacher'}`;
    expect(query).toEqual({
      text: 'select id from post where agency = $1 and role = $2',
      values: ['E08000021', 'teacher'],
    });
  });

  it('composes with itself and renumbers the parameters', () => {
    const inner = sql`role = ${'teacher'} and team = ${'north'}`;
    const query = sql`select id from post where agency = ${'RTD'} and (${inner}) limit ${5}`;
    expect(query.text).toBe('select id from post where agency = $1 and (role = $2 and team = $3) limit $4');
    expect(query.values).toEqual(['RTD', 'teacher', 'north', 5]);
  });

  it('joins any number of conditions', () => {
    const joined = joinSql([sql`a = ${1}`, sql`b = ${2}`, sql`c = ${3}`], ' and ');
    expect(joined).toEqual({ text: 'a = $1 and b = $2 and c = $3', values: [1, 2, 3] });
    expect(joinSql([], ' or ').text).toBe('');
  });

  it('never splices a value that only looks like a fragment', () => {
    const forged = { text: 'true); drop table post; --', values: [] };
    const query = sql`select ${forged}`;
    expect(query.text).toBe('select $1');
    expect(query.values).toEqual([forged]);
  });
});
