import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inboxRoom } from "./contract.ts";
import { addIntake, type IntakeOptions } from "./intake.ts";
import { addInbox } from "./notifications.ts";
import { inboxOptions } from "./sending.fixture.ts";
import type { InboxOptions } from "./serve-inbox.ts";

let folder: string;
let clock: ManualClock;
let app: NexiosApp;
let token: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-intake-"));
  clock = new ManualClock();
  await open();
});

afterEach(async () => {
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
});

async function open(options: IntakeOptions = {}, inbox: Partial<InboxOptions> = {}): Promise<void> {
  await (app as NexiosApp | undefined)?.stop({ deadlineMs: 200 });
  app = new NexiosApp({ clock, auth: { jwt: { secret: "0123456789abcdef0123456789abcdef" } }, rooms: { folder, synchronous: "normal" } });
  addInbox(app, { ...inboxOptions, ...inbox });
  addIntake(app, { clock, ...options });
  token = await tokenFor(["auction"]);
}

function tokenFor(notify: unknown): Promise<string> {
  return app.tokens.issue({ sub: "auction-service", notify }, { expiresInSeconds: 600 });
}

const outbid = { category: "outbid", title: "Somebody has bid more" };
const request = { userId: "ann", notification: outbid, idempotencyKey: "bid 7" };

async function post(body: unknown, { as = token, key }: { readonly as?: string; readonly key?: string } = {}) {
  const headers = { ...(as !== "" && { authorization: `Bearer ${as}` }), ...(key !== undefined && { "idempotency-key": key }) };
  const response = await app.request("/notifications", { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers });
  const answer = (await response.json()) as { readonly code?: string; readonly id?: string; readonly results?: readonly Record<string, unknown>[] };
  return { status: response.status, retryAfter: response.headers.get("retry-after"), ...answer };
}

function inboxOf(userId: string) {
  return app.room(inboxRoom, { userId }).state();
}

test("another service creates a notification: 201 for a new one, 200 for the same again, by the body's key or the header's", async () => {
  const first = await post(request);
  const again = await post(request);
  const byHeader = await post({ userId: "ann", notification: outbid }, { key: "bid 7" });
  const asText = await post({ userId: "ann", notification: outbid }, { key: '"bid 7"' });

  expect(first).toMatchObject({ status: 201, id: "1", isNew: true });
  expect([again, byHeader, asText]).toMatchObject(Array.from({ length: 3 }, () => ({ status: 200, id: "1", isNew: false })));
  expect((await inboxOf("ann")).items).toMatchObject([outbid]);
});

test("the same key a thousand times at once is one notification", async () => {
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => post(request)));

  expect(new Set(answers.map(({ id }) => id))).toEqual(new Set(["1"]));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(999);
  expect((await inboxOf("ann")).count).toBe(1);
});

test("who brings no token, or one that names no producer, or another's, creates nothing", async () => {
  expect(await post(request, { as: "" })).toMatchObject({ status: 401, code: "UNAUTHORIZED" });
  expect(await post(request, { as: "nonsense" })).toMatchObject({ status: 401, code: "TOKEN_INVALID" });
  expect(await post(request, { as: await tokenFor(undefined) })).toMatchObject({ status: 403, code: "FORBIDDEN" });
  expect(await post(request, { as: await tokenFor("auction") })).toMatchObject({ status: 403, code: "FORBIDDEN" });
  expect(await post({ ...request, producer: "chat" })).toMatchObject({ status: 403, code: "FORBIDDEN" });
  expect((await inboxOf("ann")).count).toBe(0);
});

test("a token for several producers says for which, and a key is each one's own", async () => {
  const both = await tokenFor(["auction", "chat"]);

  expect(await post(request, { as: both })).toMatchObject({ status: 400, code: "INVALID_MESSAGE" });
  expect(await post({ ...request, producer: "chat" }, { as: both })).toMatchObject({ status: 201 });
  expect(await post({ ...request, producer: "auction" }, { as: both })).toMatchObject({ status: 201 });
});

test("what fits no notification is 400, what the inbox does not take 422, a key of another notification 409, each with its code", async () => {
  await post(request);
  const bad = { status: 400, code: "INVALID_MESSAGE" };

  expect(await post("{")).toMatchObject({ status: 400, code: "BAD_JSON" });
  expect(await post([])).toMatchObject(bad);
  expect(await post({ userId: "ann", notification: outbid })).toMatchObject(bad);
  expect(await post({ ...request, more: 1 })).toMatchObject(bad);
  expect(await post(request, { key: "bid 8" })).toMatchObject(bad);
  expect(await post({ ...request, idempotencyKey: "b", notification: { ...outbid, producer: "chat" } })).toMatchObject(bad);
  expect(await post({ ...request, idempotencyKey: "b", notification: { ...outbid, title: "" } })).toMatchObject(bad);
  expect(await post({ ...request, idempotencyKey: "b", notification: { ...outbid, link: "javascript:x" } })).toMatchObject(bad);
  expect(await post({ ...request, userId: "no/body" })).toMatchObject({ status: 422, code: "UNKNOWN_USER" });
  expect(await post({ ...request, idempotencyKey: "b", notification: { ...outbid, category: "none" } })).toMatchObject({
    status: 422,
    code: "UNKNOWN_CATEGORY",
  });
  const over = { ...outbid, expiresAt: clock.now() };
  expect(await post({ ...request, idempotencyKey: "b", notification: over })).toMatchObject({ status: 422, code: "EXPIRED_BEFORE" });
  expect(await post({ ...request, notification: { ...outbid, title: "Another" } })).toMatchObject({ status: 409, code: "KEY_REUSED", id: "1" });
  expect((await inboxOf("ann")).count).toBe(1);
});

test("a key under which anything else was made is 409, whatever is left out, added or changed, and though the inbox holds the first one no more", async () => {
  const whole = { ...outbid, body: "1,250 EUR", priority: "high", data: { lot: 7, by: ["bob"] } };
  await post({ ...request, notification: whole });
  const reused = { status: 409, code: "KEY_REUSED", id: "1" };

  const { body: _body, ...shorter } = whole;
  expect(await post({ ...request, notification: shorter })).toMatchObject(reused);
  expect(await post({ ...request, notification: { ...whole, priority: "low" } })).toMatchObject(reused);
  expect(await post({ ...request, notification: { ...whole, data: { lot: 7, by: ["eve"] } } })).toMatchObject(reused);
  expect(await post({ ...request, notification: { ...whole, link: "/lots/7" } })).toMatchObject(reused);
  const turned = Object.fromEntries(Object.entries({ ...whole, data: { by: ["bob"], lot: 7 } }).toReversed());
  expect(await post({ ...request, notification: turned })).toMatchObject({ status: 200, id: "1" });
  await post({ ...request, idempotencyKey: "bid 8" });
  expect(await post({ ...request, idempotencyKey: "bid 8", notification: { ...outbid, priority: "normal" } })).toMatchObject({ status: 200, id: "2" });

  await open({}, { limits: { notifications: 1 } });
  await post({ ...request, idempotencyKey: "bid 9" });
  expect((await inboxOf("ann")).items).toHaveLength(1);
  expect(await post({ ...request, notification: shorter })).toMatchObject(reused);
  expect(await post({ ...request, notification: whole })).toMatchObject({ status: 200, id: "1", isNew: false });
});

test("where it can't be said whether there is somebody, that one is 503 and told to the operator, and the others of its batch are made", async () => {
  const fault = new Error("The table of users is away");
  const told: unknown[] = [];
  const listen = (fields: unknown): void => void told.push((fields as { readonly error: unknown }).error);
  subscribe("nexios:error", listen);
  await open({
    isUser: (userId) => {
      if (userId === "eve") throw fault;
      return true;
    },
  });

  const { status, results } = await post({ notifications: [request, { ...request, userId: "eve" }, { ...request, userId: "bob" }] });
  const alone = await post({ ...request, userId: "eve" });
  unsubscribe("nexios:error", listen);

  expect(status).toBe(200);
  expect(results).toMatchObject([{ status: 201 }, { status: 503, code: "UNAVAILABLE" }, { status: 201 }]);
  expect(JSON.stringify([results, alone])).not.toContain("table of users");
  expect(alone).toMatchObject({ status: 503, code: "UNAVAILABLE" });
  expect(told).toEqual([fault, fault]);
});

test("an app that knows its users lets no inbox be made for others", async () => {
  await open({ isUser: async (userId) => userId === "ann" });

  expect(await post(request)).toMatchObject({ status: 201 });
  expect(await post({ ...request, userId: "eve" })).toMatchObject({ status: 422, code: "UNKNOWN_USER" });
});

test("a producer that is too fast is told when to come again, and another one is not held up", async () => {
  await open({ rate: { perSecond: 0.5, burst: 2 } });
  const chat = await tokenFor(["chat"]);

  const statuses = [await post(request), await post(request), await post(request)].map(({ status, retryAfter, code }) => [status, retryAfter, code]);

  expect(statuses).toEqual([
    [201, null, undefined],
    [200, null, undefined],
    [429, "2", "TOO_MANY"],
  ]);
  expect(await post(request, { as: chat })).toMatchObject({ status: 201 });
  await clock.advance(2_000);
  expect(await post(request)).toMatchObject({ status: 200 });
});

test("a batch of up to a hundred is answered one by one, each by its own code", async () => {
  const good = Array.from({ length: 98 }, (_, number) => ({ ...request, userId: `user-${number % 7}`, idempotencyKey: `bid ${number}` }));
  const batch = [...good, { ...request, notification: { ...outbid, category: "none" } }, { userId: "ann" }];

  const { status, results } = await post({ notifications: batch });

  expect(status).toBe(200);
  expect(results?.slice(0, 98).every((each) => each["status"] === 201 && typeof each["id"] === "string")).toBe(true);
  expect(results?.slice(98)).toMatchObject([
    { status: 422, code: "UNKNOWN_CATEGORY" },
    { status: 400, code: "INVALID_MESSAGE" },
  ]);
  expect(await post({ notifications: [...batch, request] })).toMatchObject({ status: 400, code: "INVALID_MESSAGE" });
  expect(await post({ notifications: [request] }, { key: "bid 7" })).toMatchObject({ status: 400, code: "INVALID_MESSAGE" });
  expect(await post({ notifications: [request], userId: "ann" })).toMatchObject({ status: 400, code: "INVALID_MESSAGE" });
  expect((await inboxOf("user-0")).count).toBe(14);
});
