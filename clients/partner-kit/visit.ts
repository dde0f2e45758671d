/** Opening a record as a browser would: cookies are kept, redirects followed, and everything that came back is kept to look at. */

type Seen = { url: string; status: number; headers: string; text: string };
export type Visit = {
  /** In order; the last is the page. Only what the system under test sent. */
  pages: Seen[];
  /** Addresses to which anybody sent the browser. */
  addresses: string[];
  /** Why there is no page. */
  failed: string | undefined;
};
type Visitor = (url: string, timeoutMs: number) => Promise<Visit>;

const mostHops = 12;

/** A browser with its own cookies. `headers` go to the system under test only. */
export function createVisitor(headers: Record<string, string>): Visitor {
  const jars = new Map<string, Map<string, string>>();
  return async (start, timeoutMs) => {
    const visit: Visit = { pages: [], addresses: [], failed: undefined };
    const { origin: own } = new URL(start);
    const signal = AbortSignal.timeout(timeoutMs);
    let url: string | undefined = start;
    try {
      for (let hop = 0; url !== undefined && hop < mostHops; hop += 1) {
        visit.addresses.push(url);
        url = await step(url, own, visit, { jars, headers, signal });
      }
    } catch (error) {
      visit.failed = describe(error as Error);
    }
    if (url !== undefined) visit.failed ??= 'it sends people round in circles';
    return visit;
  };
}

type Means = { jars: Map<string, Map<string, string>>; headers: Record<string, string>; signal: AbortSignal };

/** One request; returns where it leads on to, if it does. */
async function step(url: string, own: string, visit: Visit, { jars, headers, signal }: Means) {
  const { host, origin } = new URL(url);
  const jar = jars.get(host) ?? new Map<string, string>();
  jars.set(host, jar);
  const given = origin === own ? headers : {};
  const cookies = [...[...jar].map(([name, value]) => `${name}=${value}`), ...(given.cookie ? [given.cookie] : [])];
  const response = await fetch(url, {
    headers: { accept: 'text/html,*/*', ...given, ...(cookies.length > 0 && { cookie: cookies.join('; ') }) },
    redirect: 'manual',
    signal,
  });
  for (const set of response.headers.getSetCookie()) keep(jar, set);
  const text = await response.text();
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  if (origin === own) visit.pages.push({ url, status: response.status, headers: lines, text });
  const location = response.headers.get('location');
  return response.status >= 300 && response.status < 400 && location !== null ? new URL(location, url).href : undefined;
}

function keep(jar: Map<string, string>, set: string): void {
  const [pair = '', ...attributes] = set.split(';');
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1)];
  const gone = value === '' || attributes.some((one) => /max-age=0\b|expires=Thu, 01 Jan 1970/i.test(one));
  if (gone) jar.delete(name);
  else jar.set(name, value);
}

function describe(error: Error): string {
  const { code } = (error.cause ?? {}) as { code?: string };
  return error.name === 'TimeoutError' ? 'it did not answer in time' : `it could not be opened (${code ?? error.name})`;
}
