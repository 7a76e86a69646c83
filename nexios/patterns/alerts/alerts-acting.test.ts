import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AlertsStage } from "./alerts-stage.fixture.ts";
import { alertsRoom } from "./contract.ts";
import { defaultOutageRules } from "./outage.ts";
import { parseRules } from "./parse-rules.ts";
import { viewAlerts } from "./view.ts";
import { AlertWatch } from "./watch.ts";

const minute = 60_000;
const ann = { user: { id: "ann", name: "Ann" } };
const bob = { user: { id: "bob", name: "Bob" } };
const eve = { user: { id: "eve", name: "Eve" } };
let stage: AlertsStage;

beforeEach(async () => {
  stage = new AlertsStage();
  await stage.open();
});

afterEach(() => stage.close());

test("who may not see the alerts is not let in, and who may not act is refused", async () => {
  stage.temperatures(90);
  await stage.pass(2 * minute);
  const id = (await stage.state()).alerts[0]?.id ?? 0;
  const silence = { matchers: [{ name: "alertname", value: "Hot" }], until: stage.clock.now() + minute, why: "planned" };

  await expect(stage.room().call("acknowledge", { id }, eve)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await stage.room().call("acknowledge", { id }, bob)).toMatchObject({ code: "FORBIDDEN" });
  expect(await stage.room().call("silence", silence, bob)).toMatchObject({ code: "FORBIDDEN" });
  expect(await stage.room().call("unsilence", { id: 1 }, bob)).toMatchObject({ code: "FORBIDDEN" });
  expect(await stage.room().call("evaluated", { at: 0, evaluations: 0, entries: [] }, ann)).toMatchObject({ code: "FORBIDDEN" });
  await expect(stage.app.room(alertsRoom, { name: "other" }).call("acknowledge", { id }, ann)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await stage.room().call("acknowledge", { id }, ann)).toMatchObject({ kind: "accepted", result: { by: { id: "ann" } } });
});

test("an acknowledgement says who, survives a restart, and a new firing needs another one", async () => {
  stage.temperatures(90);
  await stage.pass(2 * minute);
  const id = (await stage.state()).alerts[0]?.id ?? 0;
  await stage.room().call("acknowledge", { id }, ann);
  await stage.reopen();

  expect((await stage.state()).alerts[0]?.acknowledged?.by).toEqual({ id: "ann", name: "Ann" });
  await stage.pass(5 * 60 * minute, minute);
  expect(stage.notices).toHaveLength(1);
  stage.temperatures(60);
  await stage.pass(30_000);
  stage.temperatures(90);
  await stage.pass(2 * minute);

  const [again] = (await stage.state()).alerts;
  expect(again).toMatchObject({ phase: "firing" });
  expect(again?.acknowledged).toBeUndefined();
  expect(again?.id).not.toBe(id);
  expect(await stage.room().call("acknowledge", { id }, ann)).toMatchObject({ code: "NOT_FIRING" });
});

test("who acknowledges second is told who was first", async () => {
  stage.temperatures(90);
  await stage.pass(2 * minute);
  const id = (await stage.state()).alerts[0]?.id ?? 0;

  await stage.room().call("acknowledge", { id });
  const { entries } = await stage.state();

  expect(await stage.room().call("acknowledge", { id }, ann)).toMatchObject({ result: { by: { id: "nexios" } } });
  expect((await stage.state()).entries).toBe(entries);
});

test("an alert that no value will end can be ended, its end is told, and it comes again with its condition", async () => {
  stage.temperatures(90);
  await stage.pass(2 * minute);
  const id = (await stage.state()).alerts[0]?.id ?? 0;
  expect(await stage.room().call("dismiss", { id }, ann)).toMatchObject({ code: "HAS_DATA" });
  stage.values = [];
  await stage.pass(20_000);

  expect(await stage.room().call("dismiss", { id }, bob)).toMatchObject({ code: "FORBIDDEN" });
  expect(await stage.room().call("dismiss", { id }, ann)).toMatchObject({ kind: "accepted" });
  expect(await stage.room().call("dismiss", { id }, ann)).toMatchObject({ code: "NOT_FIRING" });
  await stage.pass(6 * minute);
  expect(await stage.phases()).toBe("");
  await vi.waitFor(() => expect(stage.notices.map(({ resolvedCount }) => resolvedCount)).toEqual([0, 1]));
  stage.temperatures(90);
  await stage.pass(20_000);

  expect(await stage.phases()).toBe("0 pending");
});

test("a silence is shown with who and why, ends by itself, and can be taken back", async () => {
  const matchers = [{ name: "host", value: "0" }];
  await stage.room().call("silence", { matchers, until: stage.clock.now() + 10 * minute, why: "new fans" }, ann);
  stage.temperatures(90, 90);
  await stage.pass(5 * minute);

  const shown = viewAlerts(await stage.state(), stage.clock.now());
  expect(shown.alerts.map(({ labels, silence }) => [labels["host"], silence?.why, silence?.by.id])).toEqual([
    ["0", "new fans", "ann"],
    ["1", undefined, undefined],
  ]);
  await vi.waitFor(() => expect(stage.notices.map(({ firing }) => firing.map(({ labels }) => labels["host"]))).toEqual([["1"]]));
  await stage.pass(6 * minute);
  await vi.waitFor(() => expect(stage.notices).toHaveLength(2));
  expect(stage.notices[1]?.firing.map(({ labels }) => labels["host"])).toEqual(["0", "1"]);
  expect(viewAlerts(await stage.state(), stage.clock.now()).silences).toEqual([]);

  const again = await stage.room().call("silence", { matchers, until: stage.clock.now() + 10 * minute, why: "again" }, ann);
  expect(again.kind).toBe("accepted");
  if (again.kind === "accepted") await stage.room().call("unsilence", { id: again.result.id }, ann);
  expect((await stage.state()).silences).toEqual([]);
});

test("a silence has limits: how many, how far ahead, how many matchers, how long its words", async () => {
  await stage.reopen({ limits: { silences: 2, matchers: 1, aheadMs: minute, textCharacters: 10 } });
  const now = stage.clock.now();
  const matchers = [{ name: "host", value: "0" }];
  const silence = (changes: object) => stage.room().call("silence", { matchers, until: now + 1_000, why: "x", ...changes }, ann);

  expect(await silence({ until: now })).toMatchObject({ code: "PAST" });
  expect(await silence({ until: now + minute + 1 })).toMatchObject({ code: "TOO_FAR", data: { latest: now + minute } });
  await expect(silence({ matchers: [] })).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  await expect(silence({ matchers: [...matchers, ...matchers] })).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  await expect(silence({ why: "12345678901" })).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  await expect(silence({ why: "" })).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  await expect(silence({ until: 1.5 })).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  expect(await silence({})).toMatchObject({ kind: "accepted" });
  expect(await silence({})).toMatchObject({ kind: "accepted" });
  expect(await silence({})).toMatchObject({ code: "TOO_MANY_SILENCES", data: { limit: 2 } });
});

test("two processes on the same values append what one would", async () => {
  await stage.reopen({ rules: [] });
  const rules = parseRules([{ name: "Hot", metric: "temp", when: { above: 85 }, forMs: 30_000, within: { times: 2, of: 3 } }]);
  const values = [90, 60, 90, 90, 90, 60, 60, 60, 90].map((value) => [{ metric: "temp", labels: {}, value }]);
  const services = {
    everyMs: 15_000,
    readTimeoutMs: 10_000,
    outage: defaultOutageRules,
    limits: { series: 10, samples: 10 },
    onError: (where: string) => stage.errors.push(where),
  };
  let turn = 0;
  const watches = [1, 2].map(() => new AlertWatch(rules, { ...services, room: stage.room(), read: () => values[turn] ?? [] }));

  for (turn = 0; turn < values.length; turn++) await Promise.all(watches.map((watch, index) => watch.look((turn + 1) * 15_000 + index)));

  const kinds = (await stage.room().entries(0, 100)).map(({ value }) => value.kind);
  expect(kinds.filter((kind) => kind !== "looked")).toEqual(["noted", "noted", "pending", "noted", "firing", "noted", "resolved", "noted", "noted"]);
  expect(stage.errors).toEqual([]);
});

test("a process that does not evaluate reads all the same, and goes on where the other has stopped", async () => {
  await stage.reopen({ rules: [] });
  const rules = parseRules([{ name: "Hot", metric: "temp", when: { above: 85 }, forMs: 30_000 }]);
  const services = { everyMs: 15_000, readTimeoutMs: 10_000, outage: defaultOutageRules, limits: { series: 10, samples: 10 }, onError: () => {} };
  const on = [true, false];
  const reads = [0, 0];
  const watches = on.map((_, index) => {
    const read = () => {
      reads[index] = (reads[index] ?? 0) + 1;
      return [{ metric: "temp", labels: {}, value: 90 }];
    };
    return new AlertWatch(rules, { ...services, room: stage.room(), read, evaluates: () => on[index] === true });
  });
  const kinds = async () => (await stage.room().entries(0, 100)).map(({ value }) => value.kind).filter((kind) => kind !== "looked");

  await Promise.all(watches.map((watch) => watch.look(15_000)));
  on.reverse();
  for (const at of [30_000, 45_000]) await Promise.all(watches.map((watch) => watch.look(at)));

  expect(await kinds()).toEqual(["pending", "firing"]);
  expect(reads).toEqual([3, 3]);
  on.fill(false);
  await Promise.all(watches.map((watch) => watch.look(60_000 + 90_000)));
  expect(await kinds()).toEqual(["pending", "firing"]);
});

test("of two processes on the same values the second finds the evaluation done", async () => {
  stage.temperatures(90);
  await stage.pass(20_000);
  const { evaluations } = await stage.state();
  const entry = { kind: "noted" as const, at: stage.clock.now(), alert: (await stage.state()).alerts[0]! };

  expect(await stage.room().call("evaluated", { at: stage.clock.now(), evaluations, entries: [entry] })).toMatchObject({ kind: "accepted" });
  expect(await stage.room().call("evaluated", { at: stage.clock.now(), evaluations, entries: [entry] })).toMatchObject({ code: "STALE" });
});
