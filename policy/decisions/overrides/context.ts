/** What reviews stand on: each function takes of it what it needs. */
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Log } from '../../../platform/log/log.ts';
import type { Register } from '../../register/chain/state.ts';

export type ReviewContext = {
  db: Database;
  log: Log;
  clock: Clock;
  config: { masterKey: Buffer; baseUrl: string };
  register: Pick<Register, 'state'>;
};
