/** Which failures are the server's, and which the statement's. */
import { describe, expect, it } from '@jest/globals';
import { explainOutage, isOutage } from '../../../platform/database/outage.ts';

const failing = (code: string, message = 'refused'): Error => Object.assign(new Error(message), { code });

describe('what PostgreSQL says', () => {
  it.each(
    [
      '08000 08003 08006 25P03 25P04 57P01 57P02 57P04 57P05'.split(' '),
      'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN EHOSTUNREACH'.split(' '),
    ].flat(),
  )('%s is an outage of which it may not be known how a commit ended', (code) => {
    expect(explainOutage(failing(code))).toMatchObject({
      code: 'database-unavailable',
      kind: 'unavailable',
      message: expect.stringContaining('cannot be reached'),
    });
  });

  it.each(
    [
      '25006 28000 28P01 3D000 40001 40003 40P01 53000 53100 53200 53300 53400'.split(' '),
      '55000 55P03 57014 57P03 58000 58030 58P01 F0000 XX000 XX001 XX002'.split(' '),
    ].flat(),
  )('%s is a refusal: nothing was recorded', (code) => {
    const explained = explainOutage(failing(code));
    expect(explained).toMatchObject({
      code: 'database-unavailable',
      kind: 'unavailable',
      message: expect.stringContaining('nothing could be recorded'),
    });
    expect(explainOutage(explained)).toBe(explained);
  });

  it.each(['22021', '22P02', '23505', '23514', '25P02', '42501', '42601', '42P01', '54000', 'P0001', 'ERR_ASSERTION'])(
    '%s is the statement’s own mistake',
    (code) => {
      const error = failing(code);
      expect(isOutage(error)).toBe(false);
      expect(explainOutage(error)).toBe(error);
    },
  );
});
