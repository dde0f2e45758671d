/** An error as the log may hold it: enough to find the fault, nothing of the data that set it off. */

type DescribedError = {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: DescribedError;
  [detail: string]: unknown;
};

/** Type, code, scrubbed message and stack frames. PostgreSQL's errors quote values, so of theirs only the place is kept. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' };
  const { code, constraint, table, column, routine, severity } = error as Error & Record<string, unknown>;
  const fromPostgres = typeof severity === 'string' && typeof code === 'string';
  const described: DescribedError = {
    type: error.name,
    message: fromPostgres ? `PostgreSQL error ${code}` : scrub(error.message),
  };
  if (typeof code === 'string') described.code = code;
  if (fromPostgres) Object.assign(described, onlyDefined({ constraint, table, column, routine }));
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  if (frames !== undefined) described.stack = frames.slice(0, 12).join('\n');
  if (error.cause !== undefined && depth < 3) described.cause = describeError(error.cause, depth + 1);
  return described;
}

/** Takes out what looks like it names a person or opens a door: e-mail addresses, long numbers, tokens, query strings. */
export function scrub(text: string): string {
  return text
    .replaceAll(/[^\s@"'<>]+@[^\s@"'<>]+/g, '[e-mail]')
    .replaceAll(/\beyJ[\w-]+\.[\w.-]+/g, '[token]')
    .replaceAll(/\?[^\s"']+=[^\s"']*/g, '?[query]')
    .replaceAll(/\+?\d[\d ]{6,}\d/g, '[number]');
}

function onlyDefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
