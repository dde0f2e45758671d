/** Casebook as a system under test, started on this machine with the kit in Wayleave's place. */
import type { DecisionPoint } from '../../clients/partner-kit/decision_point.ts';
import type { KitOptions, TestRecord } from '../../clients/partner-kit/options.ts';
import { type Casebook, startCasebook } from './casebook.ts';
import { listCases } from './cases.ts';

const reference = 'GC-1001';
/** Shorter values ("None.") stand on many a page. */
const shortest = 12;

/** Starts it; `slowMs` must be longer than it waits, which is half of that. */
export async function startCasebookFor(
  { url, issuer }: DecisionPoint,
  slowMs: number,
): Promise<{ casebook: Casebook; options: KitOptions }> {
  const casebook = await startCasebook({
    port: 0,
    wayleave: url,
    issuer: issuer.url,
    clientId: 'partner-kit',
    clientSecret: 'partner-kit-secret',
    timeout: slowMs / 2,
  });
  return {
    casebook,
    options: { record: casebookRecord(casebook.url), headers: {}, handles: ['notification', 'custom'], slowMs },
  };
}

/** The demo's first case, as the kit looks for it. */
function casebookRecord(address: string): TestRecord {
  const { values } = listCases(Date.now() / 1000).find((one) => one.reference === reference)!;
  const fields = Object.fromEntries(Object.entries(values).filter(([, value]) => value.length >= shortest));
  return { url: `${address}/cases/${reference}?purpose=safeguarding-children`, fields };
}
