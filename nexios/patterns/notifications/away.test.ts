import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { type Client, type ClientRoom, createClient } from "nexios/client";
import { binaryWire } from "nexios/client/binary";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inboxRoom, type InboxRoom } from "./contract.ts";
import { addInbox, type Inboxes } from "./notifications.ts";

let folder: string;
let app: NexiosApp;
let inbox: Inboxes;
let url: string;
const clients: Client[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-away-"));
  await start(0);
});

async function start(port: number): Promise<void> {
  app = new NexiosApp({ auth: { jwt: { secret: "x".repeat(32) } }, rooms: { folder } });
  inbox = addInbox(app, { categories: { outbid: { push: "off" } }, limits: { keepEntries: 1_000, notifications: 100 } });
  ({ url } = await app.listen({ port }));
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
});

/** Ann's inbox on one more device. */
function open(wire?: typeof binaryWire): ClientRoom<InboxRoom> {
  const token = () => app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });
  const client = createClient({ url: `${url}/realtime`, token, limits: { lingerMs: 0, retryMs: 10, longestRetryMs: 50 }, ...(wire !== undefined && { wire }) });
  clients.push(client);
  return client.join(inboxRoom, { userId: "ann" });
}

async function notifyTimes(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 300) {
    await Promise.all(Array.from({ length: Math.min(300, left) }, (_, index) => inbox.notify("ann", { category: "outbid", title: `${left - index} to come` })));
  }
}

async function reaches(room: ClientRoom<InboxRoom>): Promise<void> {
  const { count } = await app.room(inboxRoom, { userId: "ann" }).state();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (room.status.kind === "live" && room.confirmedState?.count === count) resolve();
    };
    room.onChange(look);
    look();
  });
}

test("a device that was away goes on where it was; one that was away for longer than is kept begins with what there is, and both are told how many are forgotten", async () => {
  const [phone, laptop] = [open(), open(binaryWire)];
  await notifyTimes(10);
  await Promise.all([reaches(phone), reaches(laptop)]);

  laptop.leave();
  await notifyTimes(900);
  laptop.hold();
  await reaches(laptop);
  const within = laptop.lastResume;
  laptop.leave();
  await notifyTimes(2_500);
  // What a process has just sent it still has at hand.
  await app.stop({ deadlineMs: 200 });
  await start(Number(new URL(url).port));
  laptop.hold();
  await Promise.all([reaches(phone), reaches(laptop)]);

  expect([within?.why, within?.entries]).toEqual([undefined, 900]);
  expect(laptop.lastResume?.why).toBe("gap");
  expect(laptop.state).toEqual(phone.state);
  expect([laptop.state?.items.length, laptop.state?.counts.unread, laptop.state?.forgotten]).toEqual([100, 100, 3_310]);
});
