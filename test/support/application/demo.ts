/** For the tests of the demo region: a ground with an open register, on a database and in a data folder of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { prepareFederation } from '../../../demo/load/federation.ts';
import { type Config, loadConfig } from '../../../platform/config/config.ts';
import { type Ground, openGround } from '../../../platform/ground.ts';
import { createLogger } from '../../../platform/telemetry/logger.ts';
import { type OpenRegister, openRegister } from '../../../policy/register/ledger/open.ts';
import { testDatabase, testMasterKey } from '../platform/database.ts';

export type DemoHouse = {
  ownerUrl: string;
  dataDir: string;
  config: Config;
  ground: Ground;
  register: OpenRegister;
  close(): Promise<void>;
};

export const casebookUrl = 'http://127.0.0.1:4001';

/** The configuration of a test with a data folder; to be removed by whoever asked for it. */
export async function demoConfig(changes: Record<string, string> = {}): Promise<Config> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'wayleave-demo-'));
  const key = testMasterKey.toString('base64');
  return loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: dataDir, KEY_ENCRYPTION_KEY: key, ...changes });
}

/** Opens the floors that loading needs. */
export async function openDemoHouse(): Promise<DemoHouse> {
  const database = await testDatabase();
  const config = await prepareFederation(await demoConfig());
  const late: { register?: OpenRegister } = {};
  const registerHead = () => late.register?.state()?.head.hash;
  const ground = await openGround(config, { ownerUrl: database.ownerUrl, logger: createLogger(config), registerHead });
  const register = (late.register = await openRegister(ground));
  const close = async () => {
    await register.close();
    await ground.close();
    await database.drop();
    await rm(config.dataDir, { recursive: true });
  };
  return { ownerUrl: database.ownerUrl, dataDir: config.dataDir, config, ground, register, close };
}
