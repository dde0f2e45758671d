/** Who is signed in at Casebook: kept in memory, so that stopping Casebook signs everybody out. */
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Missing } from '../../clients/typescript/src/index.ts';

/** What must be done because a record was opened, and whether the person says that they did it. */
export type Duty = { decision: string; id: string; text: string; reference: string; done: boolean };

export type Offer = NonNullable<Missing['override']>;
export type Typed = { ground: string; reason: string };
/** What was offered, what was typed before signing in again, and what was opened until when (epoch seconds). */
export type Emergency = {
  offer?: Offer | undefined;
  typed?: Typed | undefined;
  opened?: { review: string; until: number } | undefined;
};

/** Tokens stay here; the browser holds only a random name. Times are epoch seconds. */
export type Session = {
  id: string;
  subject: string;
  name: string;
  /** The acting post in words, and the agency. */
  post: string;
  agency: string;
  accessToken: string;
  accessExpiresAt: number;
  /** The sign-in at Wayleave that this rests on; a logout token names it. */
  providerSession?: string;
  /** When the person proved at Wayleave who they are. */
  authenticatedAt: number;
  /** Must come back with every form. */
  formToken: string;
  startedAt: number;
  /** Overrides offered and opened, by case and purpose. */
  emergencies: Map<string, Emergency>;
  duties: Duty[];
};

/** What signing in brings; the rest is Casebook’s own. */
export type SignedIn = Omit<Session, 'id' | 'formToken' | 'emergencies' | 'duties'>;

export type Sessions = {
  /** Where the same person signs in again, what they were in the middle of goes on. */
  start(signedIn: SignedIn, previous?: Session): Session;
  find(id: string | undefined): Session | undefined;
  end(id: string): void;
  /** Ends every session of that sign-in, or of that person; returns how many. */
  endOf(of: { providerSession?: string | undefined; subject?: string | undefined }): number;
};

const SESSION_SECONDS = 12 * 3_600;
// Each is of somebody who signed in.
const MOST = 10_000;

export function createSessions(clock: () => number): Sessions {
  const sessions = new LRUCache<string, Session>({ max: MOST });
  return {
    start(signedIn, previous) {
      const { emergencies, duties } =
        previous?.subject === signedIn.subject ? previous : { emergencies: new Map<string, Emergency>(), duties: [] };
      const kept = { ...signedIn, emergencies, duties, id: secret(), formToken: secret() };
      sessions.set(kept.id, kept);
      return kept;
    },
    find(id) {
      const found = id === undefined ? undefined : sessions.get(id);
      if (found === undefined || clock() - found.startedAt < SESSION_SECONDS) return found;
      sessions.delete(found.id);
      return undefined;
    },
    end: (id) => void sessions.delete(id),
    endOf({ providerSession, subject }) {
      const ended = [...sessions.values()].filter((one) =>
        providerSession === undefined ? one.subject === subject : one.providerSession === providerSession,
      );
      for (const one of ended) sessions.delete(one.id);
      return ended.length;
    },
  };
}

const secret = (): string => randomBytes(32).toString('base64url');
