/**
 * A dozen invented cases of Gateshead Council. No person here exists. NHS numbers are from the range 999 000 0000 to
 * 999 999 9999, which the NHS keeps for tests. Ages stay what they are: dates of birth are counted back from today.
 */

import data from './cases.json' with { type: 'json' };

export type Case = {
  reference: string;
  /** Type of record, as Wayleave's protocols name it. */
  asset: (typeof assets)[number];
  dataSubject: { system: string; value: string };
  /** What conditions in a protocol may look at; sent along with the question, never shown. */
  attributes: Record<string, string | number | boolean>;
  values: Record<string, string>;
};

const assets = ['child-record', 'adult-care-record'] as const;
const records = data as unknown as Record<Case['asset'], Record<string, Plan>>;
const nhsNumber = 'https://fhir.nhs.uk/Id/nhs-number';

type Plan = {
  age: number;
  nhs: string;
  status?: 'open' | 'review' | 'closed';
  protectedAddress?: boolean;
  values: Record<string, string>;
};

/** Every case, by reference; `now` in epoch seconds. */
export function listCases(now: number): Case[] {
  return assets.flatMap((asset) =>
    Object.entries(records[asset]).map(([reference, plan]) => toCase(reference, asset, plan, now)),
  );
}

export function findCase(reference: string, now: number): Case | undefined {
  return listCases(now).find((one) => one.reference === reference);
}

function toCase(reference: string, asset: Case['asset'], plan: Plan, now: number): Case {
  const caseStatus = plan.status ?? 'open';
  const common = { case_status: caseStatus, age_years: plan.age };
  return {
    reference,
    asset,
    dataSubject: { system: nhsNumber, value: plan.nhs },
    attributes: asset === 'child-record' ? { ...common, address_protected: plan.protectedAddress ?? false } : common,
    values: { ...plan.values, date_of_birth: dateOfBirth(plan.age, now) },
  };
}

// A hundred days past the birthday, so that the age holds; a new-born is three weeks old.
function dateOfBirth(age: number, now: number): string {
  const born = new Date((now - (age === 0 ? 21 : 100) * 86_400) * 1000);
  born.setUTCFullYear(born.getUTCFullYear() - age);
  return born.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}
