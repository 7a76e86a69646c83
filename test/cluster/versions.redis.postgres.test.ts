import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Cluster, openCluster, type Process } from "./cluster.ts";
import { enterLater, enterRoom, everyKind, type Kind, type LaterRoom, type Room, vault } from "./rooms.ts";

let cluster: Cluster;
/** As a rolling deploy has them for a while: one of the first version, one of the second, which reads what the first has written. */
let [former, later]: Process[] = [];

beforeAll(async () => {
  cluster = await openCluster();
  [former, later] = await Promise.all([cluster.start({ CONTRACT_VERSION: "1" }), cluster.start({ CONTRACT_VERSION: "2" })]);
}, 90_000);

afterEach(() => cluster.leave());

afterAll(() => cluster.close());

async function put({ url }: Process, kind: Kind, id: string, text: string): Promise<unknown> {
  return (await fetch(`${url}/put/${kind}/${id}/${text}`, { method: "POST" })).json();
}

async function whereIs(room: Room | LaterRoom): Promise<number | undefined> {
  const answer = await room.ask("where").catch(() => undefined);
  return answer?.kind === "answered" ? answer.value.port : undefined;
}

/** Long enough for a client that is led by refusals. */
const patience = { timeout: 40_000, interval: 100 };

test.each(everyKind)(
  "a process that finds a higher version in a %s room decides nothing there; pages of that version end at the other one by themselves, and nothing is lost",
  async (kind) => {
    const [id, beside] = [randomUUID(), randomUUID()];
    const page = cluster.enter([former!, later!], "old page");
    const [old, unchanged] = [enterRoom(page, kind, id), enterRoom(page, kind, beside)];
    await vi.waitFor(() => expect([old, unchanged].map(({ status }) => status.kind)).toEqual(["live", "live"]), 20_000);
    const accepted = ["one", "two"];
    for (const text of accepted) await old.call("put", { text });
    expect(await whereIs(old)).toBe(former!.port);

    // It begins at the process that does not know its version yet.
    const recent = enterLater(cluster.enter([former!, later!], "new page"), kind, id);
    await vi.waitFor(() => expect(recent.status.kind).toBe("live"), patience);
    expect(recent.state?.texts).toEqual(accepted);
    expect(await recent.call("put", { text: "three" })).toMatchObject({ kind: "accepted", result: { length: 3 } });

    expect(await put(former!, kind, id, "never")).toBe("UNAVAILABLE");
    expect(await put(later!, kind, id, "four")).toMatchObject({ kind: "accepted", result: { length: 4 } });
    await vi.waitFor(() => expect(recent.state?.texts).toEqual([...accepted, "three", "four"]), 20_000);
    expect(await whereIs(recent)).toBe(later!.port);
    // An older page does not guess what it can't read, and has all else as before.
    await vi.waitFor(() => expect(old.status.kind).toBe("outdated"), 20_000);
    expect(await unchanged.call("put", { text: "five" })).toMatchObject({ kind: "accepted" });
    // Rooms that the later version has not written to are decided by both.
    expect(await put(later!, kind, randomUUID(), "six")).toMatchObject({ kind: "accepted" });
    expect(await put(former!, kind, randomUUID(), "six")).toMatchObject({ kind: "accepted" });
  },
  90_000,
);

test("members of a room that a higher version has written to are sent on, and go on at the other process where they can read all that they are given", async () => {
  const id = randomUUID();
  const room = cluster.enter([former!, later!], "old page").join(vault, { id });
  await vi.waitFor(() => expect(room.status.kind).toBe("live"), 20_000);
  await room.call("put", { text: "one" });
  const before = room.lastResume;

  // Members are given nothing of it: only the head tells.
  await fetch(`${later!.url}/hide/${id}/two`, { method: "POST" });

  await vi.waitFor(async () => expect(await room.ask("where").catch(() => undefined)).toMatchObject({ value: { port: later!.port } }), patience);
  expect(room.lastResume).not.toBe(before);
  expect([room.status.kind, room.state?.texts, room.lastResume?.why]).toEqual(["live", ["one"], undefined]);
}, 60_000);

test("a page whose version is no longer served is closed with 4410 and outdated, while those that are served go on", async () => {
  const id = randomUUID();
  const strict = await cluster.start({ CONTRACT_VERSION: "2", LEAST_VERSION: "2" });
  const [oldPage, newPage] = [cluster.enter([strict], "old page"), cluster.enter([strict], "new page")];
  const [old, recent] = [enterRoom(oldPage, "durable", id), enterLater(newPage, "durable", id)];

  await vi.waitFor(() => expect([oldPage.status.kind, old.status.kind, recent.status.kind]).toEqual(["outdated", "outdated", "live"]), 20_000);

  expect(oldPage.status.code).toBe(4410);
}, 60_000);

test("when the later version is taken back its rooms wait for it, all others go on, and nothing is lost when it comes again", async () => {
  const [id, beside] = [randomUUID(), randomUUID()];
  const recent = await cluster.start({ CONTRACT_VERSION: "2" });
  const pages = everyKind.map((kind) => enterLater(cluster.enter([recent, former!], "new page"), kind, id));
  await vi.waitFor(() => expect(new Set(pages.map(({ status }) => status.kind))).toEqual(new Set(["live"])), 20_000);
  for (const [at, kind] of everyKind.entries()) {
    expect(await put(former!, kind, id, "one")).toMatchObject({ kind: "accepted" });
    await pages[at]!.call("put", { text: "two" });
  }

  expect(await recent.program.stop("SIGTERM")).toBe(0);
  for (const kind of everyKind) {
    expect(await put(former!, kind, id, "never")).toBe("UNAVAILABLE");
    expect(await put(former!, kind, beside, "one")).toMatchObject({ kind: "accepted" });
  }
  const waiting = pages.map((page) => page.call("put", { text: "three" }));
  await vi.waitFor(() => expect(new Set(pages.map(({ status }) => status.kind))).toEqual(new Set(["stale"])), 20_000);
  await cluster.start({ CONTRACT_VERSION: "2", PORT: `${recent.port}` });

  expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(["accepted", "accepted"]);
  await vi.waitFor(() => expect(pages.map((page) => page.state?.texts)).toEqual(everyKind.map(() => ["one", "two", "three"])), 20_000);
}, 120_000);
