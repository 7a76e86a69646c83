import { MemoryNetwork, NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bounds, house, houseName } from "../rooms/house.ts";
import { houseRoom } from "./house-room.ts";
import { addTroubleRoutes } from "./trouble-routes.ts";

let folder: string;
let clock: ManualClock;
let apps: NexiosApp[] = [];
let restarts: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-trouble-"));
  clock = new ManualClock();
  restarts = 0;
});

afterEach(async () => {
  for (const app of apps) await app.stop({ deadlineMs: 0 });
  apps = [];
  rmSync(folder, { recursive: true, force: true });
});

function open({ canRestart = true } = {}): NexiosApp {
  const app = new NexiosApp({ clock, rooms: { folder, synchronous: "normal" }, env: { NEXIOS_SECRET: "a secret of the test, long enough to be one" } });
  addTroubleRoutes(app.add(houseRoom), { restart: canRestart ? () => void restarts++ : undefined });
  apps.push(app);
  return app;
}

async function ask(app: NexiosApp, path: string, { method = "POST", site = "same-origin" } = {}): Promise<Response> {
  const token = await app.tokens.issue({ sub: "ann", name: "Ann" }, { expiresInSeconds: 60 });
  return app.request(path, { method, headers: { authorization: `Bearer ${token}`, "sec-fetch-site": site } });
}

test("a restart is answered first, and then wanted once", async () => {
  const app = open();

  const response = await ask(app, "/api/trouble/restart");
  const before = restarts;
  await clock.advance(100);

  expect([response.status, await response.json()]).toEqual([202, { process: process.pid }]);
  expect([before, restarts]).toEqual([0, 1]);
});

test("of several processes all restart, each once, and one that nothing would start again stays", async () => {
  const network = new MemoryNetwork();
  const restarted: string[] = [];
  const [one, ...others] = ["one", "other", "alone"].map((name) => {
    const app = new NexiosApp({ clock, broker: network.join(), env: { NEXIOS_SECRET: "a secret of the test, long enough to be one" } });
    addTroubleRoutes(app, { restart: name === "alone" ? undefined : () => void restarted.push(name) });
    apps.push(app);
    return app;
  });
  await Promise.all([one!, ...others].map((app) => app.start()));

  const response = await ask(one!, "/api/trouble/restart");
  await clock.advance(1_000);

  expect(response.status).toBe(202);
  expect(restarted.toSorted()).toEqual(["one", "other"]);
});

test("nobody without a session, and no page of another site, restarts the server", async () => {
  const app = open();

  const statuses = [
    (await app.request("/api/trouble/restart", { method: "POST" })).status,
    (await ask(app, "/api/trouble/restart", { site: "cross-site" })).status,
    (await ask(app, "/api/trouble/restart", { site: "same-site" })).status,
    (await ask(app, "/api/trouble/lines", { site: "cross-site" })).status,
  ];
  await clock.advance(1_000);

  expect(statuses).toEqual([401, 403, 403, 403]);
  expect(restarts).toBe(0);
});

test("where nothing would start it again there is no restart, and the page can ask whether there is", async () => {
  const app = open({ canRestart: false });

  const [asked, wanted] = [await ask(app, "/api/trouble", { method: "GET" }), await ask(app, "/api/trouble/restart")];

  expect(await asked.json()).toEqual({ process: process.pid, canRestart: false });
  expect(wanted.status).toBe(404);
});

test("the house says two lines for whoever wants to lose one, and not without end", async () => {
  const app = open();

  const first = await ask(app, "/api/trouble/lines");
  const { count, lines } = await app.room(house, { house: houseName }).state();
  for (let asked = 1; asked < bounds.lines / 2; asked++) await ask(app, "/api/trouble/lines");
  const tooMuch = await ask(app, "/api/trouble/lines");

  expect([first.status, count, lines.map(({ by }) => by.id)]).toEqual([204, 2, ["nexios", "nexios"]]);
  expect(tooMuch.status).toBe(429);
});
