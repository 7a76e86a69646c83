import { randomBytes } from "node:crypto";
import { accept, type HealthReport, type NexiosApp, refuse } from "nexios";
import { houseName } from "../../rooms/house.ts";
import { health, healthNews, type HealthView } from "../../rooms/health.ts";
import type { MaySee } from "./may-see.ts";

const serverId = "nexios";
const tellEveryMs = 1_000;
const freely = { unchecked: true } as const;

/** Tells of the app's health in a room: each check once, as soon as a second after it. */
export function addHealthRoom(app: NexiosApp, maySee: MaySee): void {
  app.add(serveHealthRoom(maySee));
  const process = app.broker === undefined ? undefined : randomBytes(9).toString("base64url");
  const room = () => app.room(health, { house: houseName });
  app.every(tellEveryMs, async () => {
    const news = healthNews(await room().state(), toView(app.health.report()), process);
    if (news !== undefined) await room().call("tell", news);
  });
  if (process === undefined) return;
  app.onDrained(async () => {
    await room().call("tell", { status: "warn", reason: "", probes: [], process: { id: process, atMs: 0, isGone: true } });
  });
}

function serveHealthRoom(maySee: MaySee) {
  return health.serve({
    authorize: (user, { house }) => house === houseName && maySee(user),
    // Only the server itself may call it.
    input: { tell: freely },
    decide: {
      tell(_view, { process, ...news }, { user, receivedAt }) {
        if (user.id !== serverId) return refuse("FORBIDDEN");
        return accept({ ...news, ...(process !== undefined && { process: { ...process, atMs: receivedAt } }) });
      },
    },
  });
}

/** Of a report what its page shows. */
function toView({ status, reason = "", probes }: HealthReport): HealthView {
  return { status, reason, probes: probes.map(({ name, needed, status: condition, sinceMs, beats }) => ({ name, needed, status: condition, sinceMs, beats })) };
}
