import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anOpenRegister, sign, type TestRegister } from '../../../support/policy/register.ts';
import { aFramework } from '../../../support/policy/documents.ts';

let test: TestRegister;
beforeAll(async () => {
  test = await anOpenRegister();
});
afterAll(() => test.drop());

describe('the register on a real database', () => {
  it('takes signatures, and shows the protocol in force at once', async () => {
    const framework = aFramework();
    await sign(test, framework, test.agencies.council);
    expect([...(test.register.state()?.protocols.values() ?? [])][0]).toMatchObject({ status: 'awaiting-signatures' });
    await sign(test, framework, test.agencies.health);
    await sign(test, framework, test.agencies.police);
    expect([...(test.register.state()?.protocols.values() ?? [])][0]).toMatchObject({ status: 'in-force' });
    await test.register.verify();
    expect(test.register.problems()).toEqual([]);
    expect([...(test.register.state()?.protocols.values() ?? [])][0]).toMatchObject({ status: 'in-force' });
  });
});
