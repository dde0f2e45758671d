/** A process of the service that only decides, for tests that need several or kill one. Run by fork: `decision_process.ts <url>`. */
import { type ChildProcess, fork } from 'node:child_process';
import { Agent, request } from 'node:http';
import { openDatabase } from '../../../platform/database/database.ts';
import { startDecisionServer } from './decision_server.ts';

export type DecisionProcess = {
  /** Asks one AuthZEN question over a kept connection; undefined when no answer came. */
  ask(
    evaluation: object,
  ): Promise<{ decision: boolean; context: { id: string; reason: { code: string } } } | undefined>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
};

/** Starts a process of its own on the database. */
export async function startDecisionProcess(url: string): Promise<DecisionProcess> {
  const child = fork(import.meta.filename, [url], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const { port, token } = await new Promise<{ port: number; token: string }>((resolve, reject) => {
    child.once('message', (started) => resolve(started as { port: number; token: string }));
    child.once('exit', (code) => reject(new Error(`the decision process ended with ${code}`)));
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    ask: (evaluation) => post(port, token, agent, JSON.stringify(evaluation)),
    kill: async () => {
      agent.destroy();
      await killed(child);
    },
  };
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.signalCode !== null || child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

type Answer = Awaited<ReturnType<DecisionProcess['ask']>>;

function post(port: number, token: string, agent: Agent, body: string): Promise<Answer> {
  const headers = {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${token}`,
    'Content-Length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { port, host: '127.0.0.1', path: '/access/v1/evaluation', method: 'POST', agent, headers },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', () => resolve(undefined));
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          // An answer that says nothing (503 while too much changes) is no decision; anything else is a mistake of the test.
          if (incoming.statusCode === 200) resolve(JSON.parse(text) as Answer);
          else if (incoming.statusCode === 503) resolve(undefined);
          else reject(new Error(`${incoming.statusCode}: ${text}`));
        });
      },
    );
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(body);
  });
}

if (process.argv[1] === import.meta.filename && process.send !== undefined) {
  const [url = ''] = process.argv.slice(2);
  const { port, token } = await startDecisionServer({ db: openDatabase(url), url });
  process.send({ port, token });
  process.on('disconnect', () => process.exit());
}
