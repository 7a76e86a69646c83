import type { Broker } from "../broker/broker.ts";
import type { Health } from "../health/health.ts";
import type { Store } from "../log/store.ts";

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
