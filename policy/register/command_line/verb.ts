/** What a verb of the command line is: how it is called, in words, and what it does. */
import type { ParseArgsConfig } from 'node:util';
import { PolicyError } from '../../errors.ts';

/** What was typed after the verb: files by their place, options by their name. */
export type Typed = { files: string[]; options: Record<string, string | string[] | undefined> };

/** Where results and remarks go. Remarks never mix with what another program reads. */
export type Terminal = {
  say(line: string): void;
  remark(line: string): void;
  /** Epoch seconds. */
  now(): number;
};

export type Verb = {
  usage: string;
  summary: string;
  options: NonNullable<ParseArgsConfig['options']>;
  /** Returns the exit code: 1 where something that was asked about is not so. */
  run(typed: Typed, terminal: Terminal): Promise<0 | 1>;
};

/** The option's value, or a refusal that names it. */
export function needed({ options }: Typed, name: string): string {
  const value = options[name];
  if (typeof value === 'string' && value !== '') return value;
  throw usageError(`--${name} is missing.`);
}

/** The option's value, if it was given. */
export function given({ options }: Typed, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The one file that the verb is about. */
export function oneFile({ files }: Typed, what: string): string {
  const [file, ...more] = files;
  if (file === undefined) throw usageError(`Name the file with ${what}.`);
  if (more.length > 0) throw usageError(`Name one file only; ${more.join(', ')} is too much.`);
  return file;
}

/** What was typed makes no sense. */
export function usageError(message: string): PolicyError {
  return new PolicyError('invalid', 'usage', message);
}
