import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Cluster, openCluster, type Process } from "./cluster.ts";
import { enterRoom, everyKind } from "./rooms.ts";

let cluster: Cluster;
let processes: readonly Process[];

beforeAll(async () => {
  cluster = await openCluster();
  processes = await Promise.all([cluster.start(), cluster.start(), cluster.start()]);
}, 90_000);

afterEach(() => cluster.leave());

afterAll(() => cluster.close());

async function post({ url }: Process, path: string): Promise<unknown> {
  return (await fetch(`${url}${path}`, { method: "POST" })).json();
}

test("each send to a group reaches its 40 members on two processes, once, and in the order of its sender", async () => {
  const two = processes.slice(0, 2);
  const members = await Promise.all(two.flatMap((process) => Array.from({ length: 20 }, () => cluster.joinGroup(process, "all"))));

  for (let round = 0; round < 10; round++) for (const [at, process] of two.entries()) await post(process, `/send/all/${at}.${round}`);

  await vi.waitFor(() => expect(new Set(members.map(({ heard }) => heard.length))).toEqual(new Set([20])), 20_000);
  for (const { heard } of members) {
    const texts = heard.map((each) => (each as { text: string }).text);
    for (const sender of ["0", "1"]) {
      expect(texts.filter((text) => text.startsWith(sender))).toEqual(Array.from({ length: 10 }, (_, round) => `${sender}.${round}`));
    }
  }
}, 60_000);

test("what is sent to one channel on another process reaches it, and nobody else", async () => {
  const [a, b] = processes;
  const members = await Promise.all([a!, a!, b!].map((process) => cluster.joinGroup(process, "few")));

  const isSent = [await post(b!, `/to/${members[0]!.id}/hello`), await post(b!, "/to/nobody/hello")];
  await post(a!, "/send/few/bye");

  await vi.waitFor(() => expect(members.map(({ heard }) => heard.length)).toEqual([2, 1, 1]), 20_000);
  expect(isSent).toEqual([true, false]);
  expect(members[0]!.heard).toContainEqual({ text: "hello" });
}, 60_000);

test("a process without members of a room or a group takes none of its traffic, by its counter", async () => {
  const [a, b, idle] = processes;
  const id = randomUUID();
  const before = await Promise.all([b!.received(), idle!.received()]);
  const rooms = everyKind.flatMap((kind) => [a!, b!].map((process, at) => enterRoom(cluster.enter([process], `user ${at}`), kind, id, { presence: { at } })));
  const members = await Promise.all([a!, b!].map((process) => cluster.joinGroup(process, id)));

  for (let round = 0; round < 20; round++) {
    // One after the other, so that each is a message of its own.
    for (const room of rooms.filter((_, at) => at % 2 === 0)) await room.call("put", { text: `${round}` });
    await post(a!, `/send/${id}/${round}`);
  }
  await vi.waitFor(() => {
    expect(rooms.map((room) => room.state?.texts.length)).toEqual([20, 20, 20, 20]);
    expect(members.map(({ heard }) => heard.length)).toEqual([20, 20]);
    expect(rooms.map(({ peopleCount }) => peopleCount)).toEqual([2, 2, 2, 2]);
  }, 20_000);
  // Beats still come: it hears the others, and of what concerns it.
  await vi.waitFor(async () => expect((await idle!.received())["processes"]).toBeGreaterThan(before[1]["processes"] ?? 0), 20_000);

  const [busy, quiet] = await Promise.all([b!.received(), idle!.received()]);
  const gained = (now: typeof busy, then: typeof busy, kind: string): number => (now[kind] ?? 0) - (then[kind] ?? 0);
  expect(gained(busy, before[0], "room")).toBeGreaterThanOrEqual(20);
  expect(gained(busy, before[0], "group")).toBe(20);
  expect(["room", "presence", "group", "channel"].map((kind) => gained(quiet, before[1], kind))).toEqual([0, 0, 0, 0]);
}, 60_000);
