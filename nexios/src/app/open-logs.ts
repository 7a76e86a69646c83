import type { ServedRoom } from "../contract/served-room.ts";
import type { LogKind } from "../contract/shape.ts";
import { ClosingLog } from "../log/closing-log.ts";
import type { Log, Millis } from "../log/log.ts";
import { MemoryLog } from "../log/memory-log.ts";
import type { Store } from "../log/store.ts";
import { type Clock, systemClock } from "../world/clock.ts";
import type { AppRedis } from "./app-redis.ts";
import type { OwnFigures } from "./own-figures.ts";

/** What an app's logs are opened with. */
export interface LogSurroundings {
  readonly redis?: AppRedis | undefined;
  readonly figures?: Pick<OwnFigures, "onAppend">;
  readonly clock: Clock;
  /** The time where no store has its own. */
  readonly now: () => Millis;
  readonly newEpoch: () => string;
  readonly openStore: () => Promise<Store>;
}

type StoreTimeOfLog = Pick<Log, "now" | "timeBoundMs">;

/**
 * Opens the logs that rooms need, by one time for all of them: that of the store of durable rooms, or else of Redis. Who hands in a clock of his own, as a test does, means
 * that one. @throws NexiosError DATABASE_IN_USE, DAMAGED, UNAVAILABLE; TypeError
 */
export async function openLogs(served: readonly ServedRoom[], surroundings: LogSurroundings): Promise<Readonly<Record<LogKind, Log>>> {
  const { figures, openStore } = surroundings;
  const metered = (kind: LogKind, log: Log): Log => new ClosingLog(log, (appending) => figures?.onAppend(kind, appending));
  if (served.some(({ contract }) => contract.log === "durable")) {
    const { log } = await openStore();
    return { durable: metered("durable", log), volatile: metered("volatile", openVolatile(surroundings, log)) };
  }
  const volatile = metered("volatile", openVolatile(surroundings, await timeOf(surroundings)));
  return { durable: volatile, volatile };
}

function openVolatile({ redis, newEpoch }: LogSurroundings, time: StoreTimeOfLog): Log {
  const options = { now: () => time.now(), timeBoundMs: () => time.timeBoundMs(), newEpoch };
  return redis?.openLog(options) ?? new MemoryLog(options);
}

async function timeOf({ redis, clock, now }: LogSurroundings): Promise<StoreTimeOfLog> {
  if (redis === undefined || clock !== systemClock) return { now, timeBoundMs: () => 0 };
  const time = await redis.openTime();
  return { now: () => time.now(), timeBoundMs: () => time.boundMs() };
}
