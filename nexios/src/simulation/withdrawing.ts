import type { Cluster } from "./cluster.ts";

const againAfterMs = 300;
/** A process that dies with the call never answers. */
const answeredWithinMs = 12_000;

/** Takes a user's right to be in a room. Like every operator it tries, by whatever process is up, until it is confirmed: then `onDone` runs. */
export function withdraw(cluster: Cluster, userId: string, room: string, onDone: () => void): void {
  const { scheduler, processes } = cluster;
  let isSettled = false;
  const settle = (next: () => void): void => {
    if (isSettled) return;
    isSettled = true;
    next();
  };
  const again = (): void => settle(() => void scheduler.after(againAfterMs, () => withdraw(cluster, userId, room, onDone)));
  cluster.rights.withdraw(userId, room);
  scheduler.after(answeredWithinMs, again);
  const rooms = processes.map((process) => process.rooms).find((up) => up !== undefined);
  rooms?.withdraw(userId, room).then(() => settle(onDone), again);
}
