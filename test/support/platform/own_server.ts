/** A PostgreSQL that is not the process's own: whoever starts `main.ts` knows only its address. */
import { type Embedded, startEmbedded } from '../../../platform/database/embedded/start.ts';
import { aDataDir, ask } from './embedded.ts';
import { databaseUrl } from './template.ts';

export type OwnServer = {
  start(this: void): Promise<void>;
  url(): string;
  /** Makes an empty database of that name; returns its address as owner. */
  database(name: string): Promise<string>;
  /** A data folder, gone at the end. */
  folder(): Promise<string>;
  remove(this: void): Promise<void>;
};

/** One server for a file of tests. Not that of the tests themselves: roles and their passwords belong to a whole server. */
export function aServerOfOnesOwn(): OwnServer {
  let server: Embedded | undefined;
  const folders: (() => Promise<void>)[] = [];
  const url = (): string => {
    if (server === undefined) throw new Error('The server has not been started.');
    return server.url;
  };
  const folder = async (): Promise<string> => {
    const { dataDir, remove } = await aDataDir();
    folders.push(remove);
    return dataDir;
  };
  return {
    url,
    folder,
    start: async () => {
      server = await startEmbedded(await folder());
    },
    database: async (name) => {
      await ask(url(), `create database ${name}`);
      return databaseUrl(url(), name);
    },
    remove: async () => {
      await server?.stop();
      for (const remove of folders.toReversed()) await remove();
    },
  };
}
