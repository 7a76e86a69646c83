import { NexiosApp } from "nexios";
import { inboxRoom } from "nexios/notifications";
import { addInbox } from "nexios/notifications/server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DeliveredNotice } from "./add-alerts.ts";
import { notifyInboxes } from "./notify-inboxes.ts";

const alert = { id: 1, rule: "Hot", labels: { host: "a\nb" }, since: 0, value: 91 };
const fires: DeliveredNotice = {
  id: "1",
  group: "{}",
  labels: {},
  at: 0,
  isRepeat: false,
  firing: [alert],
  firingCount: 1,
  resolved: [],
  resolvedCount: 0,
  annotations: new Map([[1, { summary: "Too hot" }]]),
};
const ends: DeliveredNotice = { ...fires, id: "2", firing: [], firingCount: 0, resolved: [alert], resolvedCount: 1 };

test("each person has each notice once, and one notification for each group", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexios-alerts-"));
  const app = new NexiosApp({ rooms: { folder } });
  const inbox = addInbox(app, { categories: { alert: {} } });
  const notify = notifyInboxes(inbox, ["ann", "bob", "ann"], { link: "/control" });
  const itemsOf = async (userId: string) => (await app.room(inboxRoom, { userId }).state()).items;

  await Promise.all([notify(fires), notify(fires)]);
  expect(await itemsOf("bob")).toMatchObject([
    { category: "alert", title: "1 firing: Hot", body: "firing Hot host=a b 91 - Too hot", link: "/control", priority: "high", count: 1 },
  ]);
  await notify(ends);
  await notify({ ...fires, id: "3", group: "{x}" });

  expect((await itemsOf("ann")).map(({ title, count }) => [title, count])).toEqual([
    ["1 firing: Hot", 1],
    ["1 resolved: Hot", 2],
  ]);
  await app.stop();
  rmSync(folder, { recursive: true });
});

test("all are told before the failure of one is", async () => {
  const told: string[] = [];
  const notify = notifyInboxes(
    {
      notify: async (userId) => {
        if (userId === "ann") throw new Error("away");
        told.push(userId);
      },
    },
    () => ["ann", "bob"],
  );

  await expect(notify(fires)).rejects.toThrow("away");
  expect(told).toEqual(["bob"]);
});
