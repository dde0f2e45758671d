/** One server process for the bench: audited, the same without audit, or a bare echo. Tells its parent where it listens. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { openDatabase } from '../../platform/database/database.ts';
import { createLogger } from '../../platform/telemetry/logger.ts';
import { createMetrics } from '../../platform/telemetry/metrics.ts';
import { startDecisionServer } from '../../test/support/policy/decision_server.ts';
import { region } from './region.ts';

const [mode = '', url = '', protocols = ''] = process.argv.slice(2);

async function echo(): Promise<{ port: number; token: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, token: '' };
}

async function service(): Promise<{ port: number; token: string }> {
  // As in production: requests are measured, and those that fail are lines in the log.
  const logger = createLogger({ logLevel: 'info' }, pino.destination({ dest: '/dev/null', sync: false }));
  const { measure } = createMetrics();
  const server = await startDecisionServer(
    { db: openDatabase(url), url },
    { state: region(Number(protocols)), pipeline: { logger, measure } },
  );
  if (mode === 'unaudited') {
    server.policy.log = {
      append: async (event) => ({ outcome: 'recorded', id: event.id ?? '', position: 0, time: 0 }),
      fence: server.policy.log.fence,
    };
  }
  return server;
}

const { port, token } = mode === 'echo' ? await echo() : await service();
process.send!({ port, token });
process.on('disconnect', () => process.exit());
