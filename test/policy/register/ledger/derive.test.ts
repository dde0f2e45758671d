import { describe, expect, it } from '@jest/globals';
import { aFederation, aFederationWith, testNow } from '../../../support/policy/federation.ts';
import { aClause, aFramework } from '../../../support/policy/documents.ts';

describe('the register derived from its chain', () => {
  it('knows the agencies, their keys, officers and definitions', async () => {
    const federation = await aFederation();
    const state = await federation.state();
    expect([...state.agencies.keys()]).toEqual(['E08000037', 'RTD', 'E23000007']);
    expect(state.agencies.get('RTD')?.keys.size).toBe(2);
    expect(state.agencies.get('RTD')?.officers.size).toBe(1);
    expect(state.assets.get('child-record')?.definition.fields.length).toBe(8);
    expect(state.head).toEqual(federation.head());
  });

  it('holds a protocol in force once every party has signed it', async () => {
    const federation = await aFederation();
    const framework = aFramework();
    await federation.sign(framework, federation.agencies.council);
    const half = [...(await federation.state()).protocols.values()][0];
    expect(half).toMatchObject({ status: 'awaiting-signatures', unsigned: ['RTD', 'E23000007'], rejected: [] });
    await federation.sign(framework, federation.agencies.health);
    await federation.sign(framework, federation.agencies.police);
    const whole = [...(await federation.state()).protocols.values()][0];
    expect(whole).toMatchObject({ status: 'in-force', unsigned: [], rejected: [] });
    expect(whole?.signatures.map(({ capacity }) => capacity)).toEqual(['director', 'caldicott-guardian', 'siro']);
  });

  it('derives the same state from the same chain', async () => {
    const { federation, state } = await aFederationWith([aClause()]);
    expect(await federation.state(testNow)).toEqual(state);
    expect([...state.protocols.values()].map(({ status }) => status)).toEqual(['in-force', 'in-force']);
  });
});
