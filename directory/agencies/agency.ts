/** An organisation whose practitioners the directory lists. */

declare module '../../platform/log/event.ts' {
  interface Topics {
    agency: true;
  }
}

/** Times are epoch seconds. `source` says who says so, `confirmedAt` when they last did. */
export type Agency = {
  code: string;
  codeSystem: 'gss' | 'ods' | 'urn' | 'charity';
  /** Where the official code was looked up. */
  codeSource: string;
  kind: string;
  kindName: string;
  name: string;
  switchboard?: string;
  website?: string;
  area?: string;
  status: 'active' | 'ended';
  source: string;
  confirmedAt: number;
};
