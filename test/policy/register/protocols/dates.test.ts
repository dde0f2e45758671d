import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endOfDay, startOfDay } from '../../../../policy/register/protocols/dates.ts';

it.each([
  ['2026-01-15', '2026-01-15T00:00:00Z'],
  ['2026-07-15', '2026-07-14T23:00:00Z'],
  ['2026-03-29', '2026-03-29T00:00:00Z'],
  ['2026-03-30', '2026-03-29T23:00:00Z'],
  ['2026-10-25', '2026-10-24T23:00:00Z'],
  ['2026-10-26', '2026-10-26T00:00:00Z'],
  ['2028-02-29', '2028-02-29T00:00:00Z'],
])('%s begins in the United Kingdom at %s', (day, moment) => {
  expect(startOfDay(day)).toBe(Date.parse(moment) / 1000);
});

it('every day begins when the clocks of London show midnight, and ends where the next begins', () => {
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/London',
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-30'), noInvalidDate: true }), (date) => {
      const day = date.toISOString().slice(0, 10);
      expect(clock.format(new Date(startOfDay(day) * 1000))).toBe(`${day}, 00:00:00`);
      const hours = (endOfDay(day) - startOfDay(day)) / 3600;
      expect([23, 24, 25]).toContain(hours);
    }),
    { numRuns: 300 },
  );
});
