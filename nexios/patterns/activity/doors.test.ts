import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { Metrics } from "nexios/metrics";
import { afterEach, beforeEach, expect, test } from "vitest";
import { trackRoom } from "./contract.ts";
import { House, newEvent } from "./house.fixture.ts";

let house: House;

beforeEach(async () => {
  house = new House();
  await house.open();
});

afterEach(() => house.close());

const visitors = async () => (await house.activity.summary()).visitors.count;

test.for([
  ["no JSON", "{", 400, "BAD_JSON"],
  ["no batch", "[]", 400, "INVALID_MESSAGE"],
  ["larger than 64 KiB", JSON.stringify({ events: [], sentAt: 0 }) + " ".repeat(65_536), 413, "INVALID_MESSAGE"],
] as const)("a body that is %s is refused", async ([, body, status, code]) => {
  const response = await house.post(body);

  expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
});

test("a body that says that it is larger than 64 KiB is refused before it is read", async () => {
  const response = await house.post({ events: [] }, { "content-length": "65537" });

  expect(response.status).toBe(413);
});

test("bytes that are no UTF-8 are refused", async () => {
  const response = await house.app.request("/activity", { method: "POST", body: new Uint8Array([0x22, 0xff, 0x22]) });

  expect(response.status).toBe(400);
});

test("a beacon's text is taken as JSON is, so that a browser need not ask first", async () => {
  const response = await house.post({ events: [newEvent()] }, { "content-type": "text/plain;charset=UTF-8" });

  expect([response.status, await response.json()]).toEqual([200, { accepted: 1, duplicate: 0, rejected: [] }]);
});

test("500 events with 20 properties each are one batch as long as they are small", async () => {
  const properties = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}`, 1]));
  const events = Array.from({ length: 500 }, (_, index) => ({ id: `${index}`, type: "a", ...(index < 200 && { properties }) }));

  const response = await house.post({ events });

  expect(await response.json()).toEqual({ accepted: 500, duplicate: 0, rejected: [] });
});

test("who names nobody is told by address and browser", async () => {
  const event = () => newEvent({ visitor: undefined as never });
  const without = () => ({ events: [JSON.parse(JSON.stringify(event())) as object] });
  await house.post(without(), { "user-agent": "Firefox" });
  await house.post(without(), { "user-agent": "Firefox" });
  await house.post(without(), { "user-agent": "Safari" });

  expect(await visitors()).toBe(2);
});

test("who proves to be a user is that one, whatever name the event gives", async () => {
  const token = await house.app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });
  const headers = { authorization: `Bearer ${token}` };

  await house.post({ events: [newEvent({ visitor: "bob" })] }, headers);
  await house.post({ events: [newEvent({ visitor: "carl" })] }, headers);

  expect(await visitors()).toBe(1);
});

test("by a room's call comes what comes over HTTP, and both doors know each other's events", async () => {
  const [mine, theirs] = [newEvent(), newEvent()];
  await house.send([theirs]);
  const room = house.app.room(trackRoom, { site: "site" });

  const outcome = await room.call("track", { events: [mine, theirs, newEvent({ type: "" })] }, { user: { id: "ann", name: "Ann" } });

  expect(outcome).toMatchObject({ kind: "accepted", result: { accepted: 1, duplicate: 1, rejected: [{ index: 2, code: "INVALID_TYPE" }] } });
  await expect(room.call("track", { events: "all" } as never)).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
});

test("what nobody has room for is answered with 429 and when to come again, counted, and not read", async () => {
  const metrics = new Metrics();
  await house.app.stop();
  await house.open({ metrics, limits: { queueEvents: 500, commitEvents: 1_000, commitMs: 60_000 } });
  const waiting = house.post({ events: Array.from({ length: 500 }, () => newEvent()) });
  await until(() => gauge(metrics, "nexios_activity_queue") === 500);

  const response = await house.post("{");
  const late = house.post({ events: [newEvent()] });

  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "1"]);
  expect(await (await late).json()).toMatchObject({ code: "TOO_MANY" });
  expect(gauge(metrics, "nexios_activity_turned_away")).toBe(2);
  await house.clock.advance(60_000);
  expect(await (await waiting).json()).toMatchObject({ accepted: 500 });
});

test("the figures tell events by type, duplicates, and rejected ones by code", async () => {
  const metrics = new Metrics();
  await house.app.stop();
  await house.open({ metrics });
  const twice = newEvent();
  await house.send([twice, twice, newEvent({ type: "bid", visitor: "bob" }), newEvent({ id: "" })]);

  expect(gauge(metrics, "nexios_activity_events", { type: "page" })).toBe(1);
  expect(gauge(metrics, "nexios_activity_events", { type: "bid" })).toBe(1);
  expect(gauge(metrics, "nexios_activity_duplicates")).toBe(1);
  expect(gauge(metrics, "nexios_activity_rejected", { code: "INVALID_ID" })).toBe(1);
  expect(gauge(metrics, "nexios_activity_active")).toBe(2);
  expect(gauge(metrics, "nexios_activity_sessions")).toBe(2);
});

test("neither a name nor an address nor a query is in the database, and the salt of a day that is over is gone", async () => {
  await house.send([newEvent({ visitor: "ann@example.com", path: "/lots?token=hush" })]);
  await house.post({ events: [{ id: "of-an-address", type: "page" }] }, { "user-agent": "Secret/1.0" });
  const salts = () => read("select day, salt from activity_salt");
  const [before] = salts();

  house.clock.setTime(house.clock.now() + 86_400_000);
  const event = newEvent({ visitor: "ann@example.com" });
  await house.send([event]);

  const all = JSON.stringify(
    ["activity_event", "activity_session", "activity_minute", "activity_hour", "activity_visitors"].map((table) => read(`select * from ${table}`)),
  );
  for (const secret of ["ann@example.com", "local", "Secret/1.0", "hush"]) expect(all).not.toContain(secret);
  expect(salts()).toHaveLength(1);
  expect(salts()[0]).not.toEqual(before);
  const hashes = read("select distinct visitor from activity_event");
  expect(hashes).toHaveLength(3);
});

test("the salt is thrown away at the end of its day where nobody comes any more", async () => {
  await house.send([newEvent()]);

  house.clock.setTime(house.clock.now() + 86_400_000);
  await house.clock.advance(60_000);
  await until(() => read("select day from activity_salt").length === 0);

  expect(read("select day from activity_salt")).toEqual([]);
});

test("a site takes no events under another site's room", async () => {
  await expect(house.app.room(trackRoom, { site: "other" }).call("track", { events: [] }, { user: { id: "ann", name: "Ann" } })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});

function read(sql: string): readonly object[] {
  const db = new DatabaseSync(join(house.folder, "nexios.db"), { readOnly: true });
  const rows = db.prepare(sql).all();
  db.close();
  return rows;
}

function gauge(metrics: Metrics, name: string, labels: Readonly<Record<string, string>> = {}): unknown {
  const series = metrics.read().families.find((family) => family.name === name)?.series ?? [];
  return series.find((each) => JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
}

/** Turns of the event loop, until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
