import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PushSubscription } from "./contract.ts";
import type { Outgoing } from "./outgoing.ts";
import { createWebPush, type WebPush, type WebPushOptions } from "./push.ts";
import { PushService } from "./push-service.fixture.ts";
import { SendingHouse } from "./sending.fixture.ts";

const now = Date.UTC(2030, 0, 1);
const subject = "mailto:us@house.example";
const outgoing: Outgoing = { userId: "ann", delivery: "7-push", category: "outbid", priority: "normal", title: "Somebody has bid more", count: 1, at: now };

let service: PushService;
let folder: string;
let push: WebPush;

beforeEach(async () => {
  service = new PushService();
  await service.listen();
  folder = mkdtempSync(join(tmpdir(), "nexios-push-"));
  push = open();
});

afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

function open(options: Partial<WebPushOptions> = {}): WebPush {
  return createWebPush({ subject, folder, ca: service.tls.certificate, allowHosts: [service.host], clock: { now: () => now }, ...options });
}

function send(subscription: PushSubscription, some: Partial<Outgoing> = {}, from: WebPush = push) {
  return from.send({ ...outgoing, ...some }, { id: "e1", channel: "push", secret: { subscription } }, { signal: AbortSignal.timeout(10_000) });
}

test("a browser alone can read what is pushed, and its service knows who has sent it", async () => {
  const outcome = await send(service.subscribe("ann"), { body: "A clock – 🕰️", link: "/lots/7", data: { lot: 7 } });

  const [pushed] = service.pushed;
  expect(outcome).toEqual({ kind: "sent", providerId: "m7" });
  expect(pushed?.payload).toMatchObject({ id: "7-push", title: "Somebody has bid more", body: "A clock – 🕰️", link: "/lots/7", data: { lot: 7 }, at: now });
  expect(pushed?.headers).toMatchObject({ "content-encoding": "aes128gcm", ttl: "2419200", urgency: "normal" });
  expect(pushed?.claims).toMatchObject({ sub: subject, aud: `https://${service.host}`, key: push.publicKey });
  const lifeSeconds = Number(pushed?.claims["exp"]) - Date.now() / 1_000;
  expect(lifeSeconds > 0 && lifeSeconds <= 86_400).toBe(true);
});

test("it is kept for the rest of its life, wakes a device by its priority, and takes the place of what it collapses with", async () => {
  const ann = service.subscribe("ann");
  await send(ann, { expiresAt: now + 90_500, priority: "critical", collapseKey: "lot-7" });
  await send(ann, { expiresAt: now + 90 * 86_400_000, priority: "low", collapseKey: "lot-7", delivery: "8-push" });
  await send(ann, { delivery: "8-push" });
  await send(ann, { delivery: "8-push", userId: "bob" });

  const headers = service.pushed.map((each) => each.headers);
  expect(headers.map(({ ttl, urgency }) => [ttl, urgency])).toEqual([
    ["90", "high"],
    ["2419200", "low"],
    ["2419200", "normal"],
    ["2419200", "normal"],
  ]);
  const topics = headers.map(({ topic }) => topic);
  expect(topics.every((topic) => /^[A-Za-z0-9_-]{32}$/.test(String(topic)))).toBe(true);
  expect(topics[0]).toBe(topics[1]);
  expect(new Set(topics).size).toBe(3);
});

test("each answer of a push service means what it should", async () => {
  const answers = {
    ok: [{ status: 202 }],
    unknown: [{ status: 404 }],
    over: [{ status: 410 }],
    forbidden: [{ status: 403 }],
    elsewhere: [{ status: 307, headers: { location: "https://localhost:1/" } }],
    slower: [{ status: 429, headers: { "retry-after": "120" } }],
    later: [{ status: 503, headers: { "retry-after": new Date(now + 30_000).toUTCString() } }],
    never: [{ status: 503, headers: { "retry-after": "99999999" } }],
    broken: [{ status: 500, headers: { "retry-after": "soon" } }],
    cut: ["cut" as const],
  };

  const outcomes = await Promise.all(Object.entries(answers).map(async ([name, given]) => [name, await send(service.subscribe(name, ...given))] as const));

  expect(Object.fromEntries(outcomes)).toEqual({
    ok: { kind: "sent" },
    unknown: { kind: "gone" },
    over: { kind: "gone" },
    forbidden: { kind: "failed", error: "its push service has answered 403" },
    elsewhere: { kind: "failed", error: "its push service has answered 307" },
    slower: { kind: "later", error: "its push service has answered 429", retryAfterMs: 120_000 },
    later: { kind: "later", error: "its push service has answered 503", retryAfterMs: 30_000 },
    never: { kind: "later", error: "its push service has answered 503", retryAfterMs: 3_600_000 },
    broken: { kind: "later", error: "its push service has answered 500" },
    cut: { kind: "later", error: "ECONNRESET" },
  });
});

test("a push service that does not answer in time, and one that nobody finds, is asked again", async () => {
  const hasty = open({ timeoutMs: 100 });
  const silent = service.subscribe("silent", "silent");

  expect(await send(silent, {}, hasty)).toEqual({ kind: "later", error: "its push service has not answered in time" });
  expect(await send({ ...silent, endpoint: "https://nowhere.invalid/x" })).toMatchObject({ kind: "later" });
});

test("what is too long for a push service is sent once more, shorter, and then has failed", async () => {
  const long = { title: "A title 🕰️".repeat(100), body: "Words 🕰️ ".repeat(400), data: { more: "x".repeat(2_900) } };
  const shortened = await send(service.subscribe("small", { status: 413 }), long);
  const refused = await send(service.subscribe("none", { status: 413 }, { status: 413 }), long);

  expect(shortened).toMatchObject({ kind: "sent" });
  expect(refused).toEqual({ kind: "failed", error: "its push service has answered 413" });
  const sizes = service.pushed.map(({ payloadBytes }) => payloadBytes);
  expect(sizes).toHaveLength(4);
  expect(sizes[0]).toBeGreaterThan(2_900);
  expect(sizes[0]).toBeLessThanOrEqual(3_000);
  expect(sizes[1]).toBeLessThanOrEqual(1_200);
  for (const { payload } of service.pushed) {
    expect([payload["title"], payload["body"]].every((text) => String(text).isWellFormed() && String(text).endsWith("…"))).toBe(true);
    expect(payload["data"]).toBeUndefined();
  }
});

test("nothing is sent to this machine or a network about it, by a name or by an address, nor without TLS or with keys that are none", async () => {
  const closed = open({ allowHosts: [] });
  const ann = service.subscribe("ann");
  const sendTo = (endpoint: string) => send({ ...ann, endpoint }, {}, closed);
  const endpoints = [
    ann.endpoint,
    ann.endpoint.replace("localhost", "127.0.0.1"),
    "https://10.1.2.3/x",
    "https://[::1]/x",
    "https://[::ffff:192.168.0.1]/x",
    "https://[fd00::1]/x",
    "https://169.254.169.254/latest",
    "https://0x7f000001/x",
  ];

  const outcomes = await Promise.all(endpoints.map(sendTo));

  expect(outcomes).toEqual(endpoints.map(() => ({ kind: "failed", error: "it is not on the internet" })));
  expect(await sendTo("http://push.example/x")).toMatchObject({ kind: "failed" });
  expect(await sendTo("https://ann:secret@push.example/x")).toMatchObject({ kind: "failed" });
  expect(await send({ ...ann, keys: { p256dh: "AAAA", auth: "AAAA" } })).toEqual({ kind: "failed", error: "its keys are none" });
  expect(service.pushed).toEqual([]);
});

test("a certificate that nobody vouches for is no push service", async () => {
  const strict = createWebPush({ subject, folder, allowHosts: [service.host] });

  expect(await send(service.subscribe("ann"), {}, strict)).toMatchObject({ kind: "later" });
  expect(service.pushed).toEqual([]);
});

test("the keys are made once, readable by their owner alone, and kept; others can be given", () => {
  const again = open();
  const [file = ""] = readdirSync(folder);
  const other = createWebPush({ subject, folder: join(folder, "other") });
  const keys = JSON.parse(readFileSync(join(folder, file), "utf8")) as { readonly publicKey: string; readonly privateKey: string };

  expect(again.publicKey).toBe(push.publicKey);
  expect(other.publicKey).not.toBe(push.publicKey);
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  expect(open({ keys, folder: "/nowhere" }).publicKey).toBe(push.publicKey);
  expect(() => open({ keys: { ...keys, publicKey: other.publicKey } })).toThrow("no pair");
  expect(() => open({ subject: "us" })).toThrow("subject");
  writeFileSync(join(folder, file), "{}");
  expect(() => open()).toThrow("holds no keys");
});

test("from a notification to a browser: one is told, one that is gone is removed, one that asks to wait is told later", async () => {
  const house = new SendingHouse();
  await house.open({ push: open({ clock: house.clock }) });
  const waiting = { status: 429, headers: { "retry-after": "30" } };
  for (const [label, ...answers] of [["phone"], ["old", { status: 410 }], ["desk", waiting, { status: 500 }]] as const)
    await house.inbox.addEndpoint("ann", { channel: "push", label, subscription: service.subscribe(label, ...answers) });

  await house.notify({ title: "Outbid", collapseKey: "lot-7" });
  await house.until(async () => expect(await house.reports("push")).toHaveLength(3));

  expect((await house.reports("push")).toSorted()).toEqual(["desk sent", "old gone", "phone sent"]);
  expect(service.pushed.map(({ to }) => to).toSorted()).toEqual(["desk", "desk", "desk", "old", "phone"]);
  expect(new Set(service.pushed.filter(({ to }) => to === "desk").map(({ headers }) => headers["topic"])).size).toBe(1);
  expect((await house.room().state()).endpoints.map(({ label }) => label)).toEqual(["phone", "desk"]);
  await house.close();
});
