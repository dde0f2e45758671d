/** What reviews stand on. */
import type { Database } from '../../../platform/database/database.ts';
import type { Log } from '../../../platform/log/log.ts';
import type { RegisterState } from '../../register/chain/state.ts';

export type ReviewGround = {
  db: Database;
  log: Log;
  config: { masterKey: Buffer; baseUrl: string };
};

export type KnowsRegister = { state(): RegisterState | undefined };
