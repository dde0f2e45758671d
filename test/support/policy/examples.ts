/** Asks a running service every question of its `demo.json`, and finds the answers again, as a script would that knows only that file. */
import type { Manifest } from '../../../demo/load/manifest.ts';
import { canonicalText, type Json } from '../../../platform/json.ts';
import { actAsPartners } from '../directory/partners.ts';

export type Answered = { partner: string; id: string; answer: Json };

type Answer = { decision: boolean; context: { id: string; fields: string[]; reason: { code: string } } };

/** Asks every example; `wrong` names those that got another answer than the one expected. */
export async function askExamples(manifest: Manifest): Promise<{ wrong: object[]; answered: Answered[] }> {
  const partners = actAsPartners({ config: { baseUrl: manifest.base_url, issuer: manifest.issuer }, manifest });
  const wrong: object[] = [];
  const answered: Answered[] = [];
  for (const example of manifest.examples) {
    const response = await partners.ask(example);
    const answer = (await response.json()) as Answer;
    if (response.status !== 200) {
      wrong.push({ example: example.name, status: response.status, answer });
      continue;
    }
    const { id, fields, reason } = answer.context;
    const got = { decision: answer.decision, reason: reason.code, fields: fields.toSorted() };
    const expected = { ...example.expect, fields: example.expect.fields.toSorted() };
    if (!same(got, expected)) {
      wrong.push({ example: example.name, got, expected });
    }
    answered.push({ partner: example.partner, id, answer });
  }
  return { wrong, answered };
}

/** Those of the answers that the log does not give back just as they were, intact. */
export async function listMissing(manifest: Manifest, answered: readonly Answered[]): Promise<object[]> {
  const partners = actAsPartners({ config: { baseUrl: manifest.base_url, issuer: manifest.issuer }, manifest });
  const missing: object[] = [];
  for (const { partner, id, answer } of answered) {
    const response = await partners.call(partner, `/audit/v1/decisions/${id}`);
    const found = (await response.json()) as { decision?: Json; intact?: boolean };
    if (found.intact === true && same(found.decision ?? null, answer)) continue;
    missing.push({ id, status: response.status, intact: found.intact, same: same(found.decision ?? null, answer) });
  }
  return missing;
}

/** What is wrong with the answers of a process of that service at its own address: each is as expected, and in the log. */
export async function findFaults(manifest: Manifest, address = manifest.base_url): Promise<object[]> {
  const there = { ...manifest, base_url: address, issuer: `${address}/oidc` };
  const { wrong, answered } = await askExamples(there);
  return [...wrong, ...(await listMissing(there, answered))];
}

/** Without regard to the order of keys. */
function same(one: Json, other: Json): boolean {
  return canonicalText(one) === canonicalText(other);
}
