/** What Casebook must be told to run. */
import type { Server } from 'node:http';

type DutyDesk = { name: string; phone: string; hours: string };

export type CasebookOptions = {
  /** Wayleave's address, without a slash at the end: links to decisions go there, questions go to /access/v1. */
  wayleave: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Listen here on 127.0.0.1 (0: any free port), or answer on a server that listens already. */
  port?: number;
  server?: Server;
  /** Official code of the agency whose records these are. */
  agency?: { code: string; name: string };
  /** The agency's own duty desk, for pages that appear when Wayleave cannot be asked. */
  dutyDesk?: DutyDesk;
  /** Epoch seconds. */
  clock?: () => number;
  /** Milliseconds to wait for Wayleave. */
  timeout?: number;
  /** Told of failures, in words without personal data. */
  say?: (line: string) => void;
};

export type Casebook = {
  /** Where to open it. */
  url: string;
  close(): Promise<void>;
};

/** The options with everything filled in, as the rest of Casebook sees them. `url` is Casebook's own address. */
export type Settings = Required<Omit<CasebookOptions, 'port' | 'server'>> & { url: string };

export function settle(options: CasebookOptions, url: string): Settings {
  const { port: _port, server: _server, ...given } = options;
  return {
    agency: { code: 'E08000037', name: 'Gateshead Council' },
    dutyDesk: {
      name: 'Gateshead: Children’s social care duty desk',
      phone: '0191 498 0522',
      hours: 'Every day, all day and night',
    },
    clock: () => Date.now() / 1000,
    timeout: 8_000,
    say: () => undefined,
    ...given,
    url,
  };
}
