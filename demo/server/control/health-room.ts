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
  app.every(tellEveryMs, async () => {
    const room = app.room(health, { house: houseName });
    const news = healthNews(await room.state(), toView(app.health.report()));
    if (news !== undefined) await room.call("tell", news);
  });
}

function serveHealthRoom(maySee: MaySee) {
  return health.serve({
    authorize: (user, { house }) => house === houseName && maySee(user),
    // Only the server itself may call it.
    input: { tell: freely },
    decide: { tell: (_view, news, { user }) => (user.id === serverId ? accept(news) : refuse("FORBIDDEN")) },
  });
}

/** Of a report what its page shows. */
function toView({ status, reason = "", probes }: HealthReport): HealthView {
  return { status, reason, probes: probes.map(({ name, needed, status: condition, sinceMs, beats }) => ({ name, needed, status: condition, sinceMs, beats })) };
}
