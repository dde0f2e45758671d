import { describe, expect, test } from '@jest/globals';
import { listRegisters, normaliseNumber } from '../../../directory/people/formats.ts';

describe('numbers on professional registers', () => {
  test.each([
    ['GMC', '7012345', '7012345'],
    ['GMC', ' 701 2345 ', '7012345'],
    ['GMC', 'C7012345', '7012345'],
    ['GMC', 'l7012345', '7012345'],
    ['NMC', '08a1234e', '08A1234E'],
    ['NMC', '08 A 1234 E', '08A1234E'],
    ['HCPC', 'PH12', 'PH000012'],
    ['HCPC', 'ot123456', 'OT123456'],
    ['GPhC', '2045678', '2045678'],
    ['GDC', '123456', '123456'],
    ['SWE', 'SW12345', 'SW12345'],
    ['SWE', '12345', 'SW12345'],
    ['TRA', '12/34567', '1234567'],
  ])('%s %s is written %s', (body, number, tidy) => {
    expect(normaliseNumber(body, number)).toBe(tidy);
  });

  test.each([
    ['GMC', '701234'],
    ['GMC', '70123456'],
    ['GMC', 'X7012345'],
    ['NMC', '08A1234'],
    ['NMC', '8A1234E'],
    ['NMC', '08A1234EE'],
    ['HCPC', 'P12345'],
    ['HCPC', 'PH1234567'],
    ['GPhC', '3045678'],
    ['GPhC', '20456789'],
    ['SWE', 'SW'],
    ['SWE', 'SX12345'],
    ['TRA', '123456'],
    ['TRA', "1234567'; --"],
    ['GMC', '７０１２３４５'],
    ['GMC', ''],
    ['ABC', '1234567'],
  ])('%s %j cannot be one', (body, number) => {
    expect(normaliseNumber(body, number)).toBeUndefined();
  });

  test('the example of each register is a number of that register, and its tidy form stays as it is', () => {
    for (const { body, example } of listRegisters()) expect(normaliseNumber(body, example)).toBe(example);
  });
});
