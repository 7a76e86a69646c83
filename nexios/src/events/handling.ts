import type { Outcome, CallName } from "../contract/outcome.ts";
import { type Params, toRoomName } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { Millis, StoredEntry } from "../log/log.ts";
import type { Store } from "../log/store.ts";
import { runAppTransaction, type TransactionSurroundings } from "./app-transaction.ts";
import type { Handling, Subscription } from "./define-subscription.ts";
import { derivedCallId } from "./derived-call-id.ts";

/** Calls a room as the server, under an id. @throws NexiosError as `call` of a room does */
export type CallRoom = (
  contract: RoomFacts,
  params: Readonly<Record<string, string>>,
  call: { readonly name: string; readonly input: unknown; readonly callId: string },
) => Promise<unknown>;

/** What a handler's own doings need. */
interface HandlingServices extends TransactionSurroundings {
  readonly store: Store;
  readonly callRoom: CallRoom;
  readonly onCommitted: (logs: readonly string[]) => void;
}

interface Work {
  readonly log: string;
  readonly fence: number;
  readonly attempt: number;
  /** When it failed first. */
  readonly firstAt: Millis | undefined;
  readonly signal: AbortSignal;
  readonly replayed: boolean;
}

/** What a handler gets of an entry. `moved`: whether a transaction of its has taken the entry as handled. */
export function createHandling(
  { name, source }: Subscription,
  { offset, at, author }: StoredEntry,
  { log, fence, attempt, firstAt, signal, replayed }: Work,
  { store, callRoom, onCommitted, ...surroundings }: HandlingServices,
): { readonly handling: Handling; readonly moved: () => boolean } {
  const { key, params } = source.read(log) ?? { key: log, params: {} };
  let calls = 0;
  let [isMoved, isBegun] = [false, false];
  const handling: Handling = {
    id: `${name}/${log}/${offset}`,
    key,
    params,
    offset,
    at,
    author,
    attempt,
    replayed,
    signal,
    async call<C extends RoomFacts, Name extends CallName<C>>(
      contract: C,
      roomParams: Params<C["path"]>,
      call: Name,
      input?: unknown,
    ): Promise<Outcome<C, Name>> {
      signal.throwIfAborted();
      const room = toRoomName(contract, roomParams);
      const callId = derivedCallId([name, log, offset, room, calls++], at, firstAt ?? store.log.now());
      return (await callRoom(contract, roomParams, { name: call, input, callId })) as Outcome<C, Name>;
    },
    async transaction(run) {
      if (isBegun) throw new TypeError(`${name} takes its entry as handled: there is one transaction for each`);
      signal.throwIfAborted();
      isBegun = true;
      try {
        const { value, changed } = await store.transaction(async (tx) => {
          const made = await runAppTransaction(tx, run, { ...surroundings, now: () => store.log.now() });
          // A replayed one was passed long ago: its letter goes.
          tx.step(name, log, replayed ? { kind: "unbury", fence, offset } : { kind: "advance", fence, offset, release: false });
          return made;
        });
        isMoved = true;
        onCommitted(changed.map((each) => each.room));
        return value;
      } finally {
        isBegun = isMoved;
      }
    },
  };
  return { handling, moved: () => isMoved };
}
