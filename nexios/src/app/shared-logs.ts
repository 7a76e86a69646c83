import type { ServedRoom } from "../contract/served-room.ts";
import type { LogKind } from "../contract/shape.ts";

/** Each process would have a past of its own in memory, and only one can have the file of SQLite: others behind the broker would be told what their logs don't have. */
const noSharedLog =
  'An app with rooms takes no option "broker": its logs, memory and SQLite, belong to this process alone. Rooms of several processes need logs that they share, which REDIS_URL (volatile) and DATABASE_URL (durable) name';

/** @throws TypeError for rooms whose logs other processes, which the broker reaches, would not have. `shared`: the kinds of logs that all of them have. */
export function requireSharedLogs(rooms: readonly ServedRoom[], shared: ReadonlySet<LogKind>): void {
  if (rooms.length > 0 && shared.size === 0) throw new TypeError(noSharedLog);
  const alone = rooms.find(({ contract }) => !shared.has(contract.log));
  if (alone === undefined) return;
  const { path, log } = alone.contract;
  throw new TypeError(
    log === "durable"
      ? `${path} is durable, and SQLite belongs to one process, while REDIS_URL, or the option broker, says that there are several: keep durable rooms in PostgreSQL, by DATABASE_URL, or make the room volatile`
      : `${path} is volatile, and memory belongs to one process: volatile rooms of several processes need REDIS_URL`,
  );
}
