// An app that counts, as a process of its own: a test kills it again and again.
import { NexiosApp, systemClock } from "nexios";
import { addActivity } from "nexios/activity/server";

const [folder = "", now = ""] = process.argv.slice(2);
const app = new NexiosApp({ rooms: { folder } });
const activity = addActivity(app, { clock: { ...systemClock, now: () => Number(now) }, limits: { commitMs: 5, keepEventsMs: Infinity } });
app.get("/totals", async (c) => {
  const span = { from: 0, limit: 1_000 };
  const counted = { summary: await activity.summary(span), types: await activity.top("type", span), paths: await activity.top("path", span) };
  return c.json({
    ...counted,
    hours: await activity.hours(Date.now() - 10 * 3_600_000, Date.now() + 3_600_000),
    stored: (await activity.events(0, 100_000)).length,
  });
});
const { url } = await app.listen({ port: 0 });
process.stdout.write(`${url}\n`);
