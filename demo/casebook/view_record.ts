/** What the record page shows: every field of the record, either with its value or with the reason why not. */
import type { Case } from './cases.ts';
import type { Answer, ClauseCited } from './decisions.ts';
import { recordTypes } from './records.ts';
import type { Settings } from './options.ts';

type Shown = { title: string; value: string };
type Cited = { text: string; href: string };
type Withheld = { title: string; text: string; clause?: Cited };

type RecordView = {
  shown: Shown[];
  withheld: Withheld[];
  clauses: Cited[];
  missing: string[];
  reason: string;
  permitted: boolean;
  decisionUrl: string | undefined;
  dutyDesk: { name: string; phone: string; hours?: string | undefined };
  validUntil?: string;
  /** Given under an override, which may be gone on under until then. */
  emergency?: { until: string };
};

/** `values`: what the answer gives of the record, and nothing else of it. */
export function viewRecord(
  settings: Settings,
  record: Pick<Case, 'asset'>,
  answer: Answer,
  values: Record<string, string | undefined>,
): RecordView {
  const { context } = answer;
  const given = new Set(answer.decision ? context.fields : []);
  const fields = recordTypes[record.asset].fields;
  return {
    shown: fields
      .filter(([name]) => given.has(name))
      .map(([name, title]) => ({ title, value: values[name] ?? 'Not recorded' })),
    // Without a word on any field (nothing is in force at all) the one reason says it for all of them.
    withheld:
      !answer.decision && context.withheld.length === 0
        ? []
        : fields.filter(([name]) => !given.has(name)).map(([name, title]) => withheld(settings, name, title, answer)),
    clauses: context.clauses.map((one) => citation(settings, one)),
    missing: [...new Set(context.missing.map((one) => one.text))],
    reason: context.reason.text,
    permitted: answer.decision,
    decisionUrl: context.id && `${settings.wayleave}/decisions/${encodeURIComponent(context.id)}`,
    dutyDesk: context.duty_desk ?? settings.dutyDesk,
    ...(answer.decision && { validUntil: timeOf(context.valid_until) }),
    ...(context.override && { emergency: { until: timeOf(context.override.until) } }),
  };
}

function withheld(settings: Settings, name: string, title: string, answer: Answer): Withheld {
  const said = answer.context.withheld.find((one) => one.field === name);
  if (said === undefined) return { title, text: 'Wayleave knows no such field.' };
  return { title, text: said.text, ...(said.clause === undefined ? {} : { clause: citation(settings, said.clause) }) };
}

/** A clause as people cite it, and where its text stands. */
function citation({ wayleave }: Settings, { protocol, version, clause }: ClauseCited): Cited {
  return {
    text: `${protocol}, version ${version}, clause ${clause}`,
    href: `${wayleave}/protocols/${encodeURIComponent(protocol)}/${version}#clause-${encodeURIComponent(clause)}`,
  };
}

const timeOf = (seconds: number): string =>
  new Date(seconds * 1_000).toLocaleTimeString('en-GB', { timeZone: 'Europe/London' });
