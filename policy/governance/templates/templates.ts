/** The library of templates, in the order in which a region usually needs them. */
import { PolicyError } from '../../errors.ts';
import { domesticAbuse } from './domestic_abuse.ts';
import { earlyHelp } from './early_help.ts';
import { framework } from './framework.ts';
import { homelessness } from './homelessness.ts';
import { hospitalDischarge } from './hospital_discharge.ts';
import { safeguardingChildren } from './safeguarding_children.ts';
import type { Template } from './template.ts';
import { youthJustice } from './youth_justice.ts';

export const templates: readonly Template[] = [
  framework,
  safeguardingChildren,
  domesticAbuse,
  hospitalDischarge,
  youthJustice,
  earlyHelp,
  homelessness,
];

/** `kinds`: the kinds of agency that it is written for. */
type TemplateSummary = Pick<Template, 'code' | 'title' | 'summary' | 'tier' | 'kinds'>;

/** Every template, in short. */
export function listTemplates(): TemplateSummary[] {
  return templates.map(({ code, title, summary, tier, kinds }) => ({ code, title, summary, tier, kinds }));
}

/** The template; throws `unknown-template`. */
export function getTemplate(code: string): Template {
  const template = templates.find((one) => one.code === code);
  if (template !== undefined) return template;
  throw new PolicyError('not-found', 'unknown-template', 'There is no template of this name.');
}
