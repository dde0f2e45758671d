/** What this process sends to PostgreSQL, counted where it leaves: over every connection, `begin` and `commit` among the rest. */
import pg from 'pg';

/** `statements`: the text of each that the server was asked to run. `trips`: how often a connection had to be waited for. */
export type Sent = { statements: string[]; trips: number };

type Sender = pg.Connection & {
  asked?: string;
  unanswered?: number;
  submittedNamedStatements: Record<string, string>;
  parsedStatements: Record<string, string>;
};

/** Runs `work` and returns what was sent meanwhile, by whomever: a look at the change feed each second is among it. */
export async function sentBy(work: () => Promise<unknown>): Promise<Sent> {
  const sent = sentFrom();
  try {
    await work();
    return sent;
  } finally {
    sent.stop();
  }
}

/** What is sent from now on, until `stop` is called. */
export function sentFrom(): Sent & { stop(): void } {
  const connection = pg.Connection.prototype;
  const { parse, bind, execute, query, sync } = connection;
  const stop = (): void => void Object.assign(connection, { parse, bind, execute, query, sync });
  const sent: Sent & { stop(): void } = { statements: [], trips: 0, stop };
  const wait = (on: Sender): void => {
    if (on.unanswered === undefined) {
      on.unanswered = 0;
      on.on('readyForQuery', () => (on.unanswered = Math.max(0, on.unanswered! - 1)));
    }
    if (on.unanswered === 0) sent.trips += 1;
    on.unanswered += 1;
  };
  connection.parse = function (this: Sender, ...[asked, more]: Parameters<typeof parse>) {
    this.asked = asked.text;
    parse.call(this, asked, more);
  };
  connection.bind = function (this: Sender, ...[config, more]: Parameters<typeof bind>) {
    const { statement: name = '' } = config ?? {};
    if (name) this.asked = this.parsedStatements[name] ?? this.submittedNamedStatements[name] ?? name;
    bind.call(this, config, more);
  };
  connection.execute = function (this: Sender, ...given: Parameters<typeof execute>) {
    sent.statements.push(this.asked ?? '');
    execute.apply(this, given);
  };
  connection.query = function (this: Sender, text: string) {
    sent.statements.push(text);
    wait(this);
    query.call(this, text);
  };
  connection.sync = function (this: Sender) {
    wait(this);
    sync.call(this);
  };
  return sent;
}

/** What the cheapest of several runs of `work` sent: the first may fill a cache, and a look at the feed may fall into any. */
export async function fewestSent(work: () => Promise<unknown>, runs = 5): Promise<Sent> {
  const all: Sent[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await sentBy(work));
  return all.reduce((one, other) => (other.statements.length < one.statements.length ? other : one));
}
