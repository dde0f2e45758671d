/** What the record page shows: every field of the record, either with its value or with the reason why not. */
import type { Case } from './cases.ts';
import type { Answer, ClauseCited } from './decisions.ts';
import { recordTypes } from './records.ts';
import type { Settings } from './options.ts';

type Shown = { title: string; value: string };
type Cited = { text: string; href: string };
type Withheld = { title: string; text: string; clause?: Cited };

export type RecordView = {
  shown: Shown[];
  withheld: Withheld[];
  clauses: Cited[];
  duties: string[];
  missing: string[];
  reason: string;
  permitted: boolean;
  decisionUrl: string;
  decisionId: string;
  dutyDesk: { name: string; phone: string; hours?: string | undefined };
  validUntil?: string;
};

/** Only what the answer names is taken out of the record; a value whose field it does not name never leaves this function. */
export function viewRecord(settings: Settings, record: Case, answer: Answer): RecordView {
  const { context } = answer;
  const given = new Set(answer.decision ? context.fields : []);
  const fields = recordTypes[record.asset].fields;
  return {
    shown: fields
      .filter(([name]) => given.has(name))
      .map(([name, title]) => ({ title, value: record.values[name] ?? 'Not recorded' })),
    // Without a word on any field (nothing is in force at all) the one reason says it for all of them.
    withheld:
      !answer.decision && context.withheld.length === 0
        ? []
        : fields.filter(([name]) => !given.has(name)).map(([name, title]) => withheld(settings, name, title, answer)),
    clauses: context.clauses.map((one) => citation(settings, one)),
    duties: context.obligations.map(duty),
    missing: [...new Set(context.missing.map((one) => one.text))],
    reason: context.reason.text,
    permitted: answer.decision,
    decisionUrl: `${settings.wayleave}/decisions/${encodeURIComponent(context.id)}`,
    decisionId: context.id,
    dutyDesk: context.duty_desk ?? settings.dutyDesk,
    ...validUntil(context.valid_until),
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

function duty({ id, properties }: Answer['context']['obligations'][number]): string {
  const { text } = properties;
  return typeof text === 'string' ? text : id.replaceAll('-', ' ');
}

function validUntil(value: number | string | undefined): { validUntil?: string } {
  if (value === undefined) return {};
  const moment = new Date(typeof value === 'number' ? value * 1000 : value);
  if (Number.isNaN(moment.getTime())) return {};
  return { validUntil: moment.toLocaleTimeString('en-GB', { timeZone: 'Europe/London' }) };
}
