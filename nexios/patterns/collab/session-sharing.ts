import { DocumentSession } from "./session.ts";
import type { DocumentClient, SessionOptions } from "./session-types.ts";

/** A session that several parts of a page use. */
export interface SharedSession {
  readonly session: DocumentSession;
  /** Once for each use. After the last one it is closed, unless it is used again in the same turn. */
  release(): void;
}

interface Held {
  readonly session: DocumentSession;
  users: number;
}

/** What a session without a storage is found by. */
const noStorage = {};
const held = new WeakMap<DocumentClient, Map<string, Map<object, Held>>>();

/** One session for all that use the same document over the same client with the same storage; of `options` the first user's count. */
export function shareSession(client: DocumentClient, id: string, options: SessionOptions): SharedSession {
  const documents = held.get(client) ?? new Map<string, Map<object, Held>>();
  held.set(client, documents);
  const sessions = documents.get(id) ?? new Map<object, Held>();
  documents.set(id, sessions);
  const storage = options.storage ?? noStorage;
  const shared = sessions.get(storage) ?? { session: new DocumentSession(client, id, options), users: 0 };
  sessions.set(storage, shared);
  shared.users++;

  function closeUnused(): void {
    if (shared.users > 0 || sessions.get(storage) !== shared) return;
    sessions.delete(storage);
    if (sessions.size === 0) documents.delete(id);
    void shared.session.close();
  }
  return {
    session: shared.session,
    release() {
      shared.users--;
      // React ends effects only to run them again at once: in strict mode, and where one component takes another's place.
      queueMicrotask(closeUnused);
    },
  };
}
