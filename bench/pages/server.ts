/** The service as `npm start` runs it, with people signed in, and bare pages beside it. Answers its parent's questions of what it spent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startApplication } from '../../test/support/application/application.ts';
import { openSession } from '../../test/support/journeys/journey.ts';
import { sentFrom } from '../../test/support/platform/statements.ts';
import { benchDatabase } from '../database.ts';
import { pages } from './pages.ts';

/** `cookies` by person; `bare` answers `/1000` with a page of a thousand bytes. */
export type Started = { url: string; bare: string; cookies: Record<string, string> };

/** So far: microseconds of processor time, statements, and how often a connection was waited for. */
export type Spent = { processor: number; statements: number; trips: number };

const sent = sentFrom();
const database = await benchDatabase();
const service = await startApplication({ NODE_ENV: 'development', LOG_LEVEL: 'error' }, database);
const cookies: Started['cookies'] = {};
for (const { who } of pages) cookies[who] ??= (await openSession(service, who)).cookies();
const bare = createServer((request, response) => {
  const length = Number(request.url!.slice(1));
  response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': length }).end(Buffer.alloc(length, 'x'));
});
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));

process.on('message', (question) => {
  if (question === 'end') return void end();
  const { user, system } = process.cpuUsage();
  const spent: Spent = { processor: user + system, statements: sent.statements.length, trips: sent.trips };
  process.send!(spent);
});
const started: Started = {
  url: service.baseUrl,
  bare: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`,
  cookies,
};
process.send!(started);

async function end(): Promise<void> {
  bare.close();
  await service.close();
  process.disconnect();
}
