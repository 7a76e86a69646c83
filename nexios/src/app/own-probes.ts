import type { Broker } from "../broker/broker.ts";
import type { Health } from "../health/health.ts";
import type { Store } from "../log/store.ts";
import type { Rooms } from "../rooms/rooms.ts";

/** Probes what rooms and the store need, as soon as they are open. */
export function probeWhenOpen(health: Health): { readonly onStore: (store: Store) => void; readonly onSharedTime: (rooms: Pick<Rooms, "timeBound">) => void } {
  return { onStore: (store) => probeStore(health, store), onSharedTime: (rooms) => probeClock(health, rooms) };
}

/** Asks the store of rooms, events and the app's tables whether its writer answers. It has just been opened. */
export function probeStore(health: Health, store: Store): void {
  // It writes nothing: it waits its turn, as every write does.
  health.watch("store", () => store.transaction((tx) => tx.query("select 1")), { needed: true });
}

/** Tells of the connection to other processes, where the broker does. The process goes on without them. */
export function probeBroker(health: Health, broker: Broker): void {
  if (broker.onConnection === undefined) return;
  let isConnected = true;
  broker.onConnection((isNow) => (isConnected = isNow));
  health.watch(
    "broker",
    () => {
      if (!isConnected) throw new Error("The other processes can't be reached");
    },
    { everyMs: 1_000, failAfter: 1 },
  );
}

/** Tells that the rooms do not know their store's time well enough to close anything. All processes may be struck at once, so each of them goes on with all else. */
function probeClock(health: Health, rooms: Pick<Rooms, "timeBound">): void {
  health.watch(
    "clock",
    () => {
      const { ms, isKnown } = rooms.timeBound;
      if (!isKnown) throw new Error(`The store's time is known to ${Math.ceil(ms)} ms only: rooms wait with what they do at their hours`);
    },
    { everyMs: 1_000, failAfter: 1 },
  );
}
