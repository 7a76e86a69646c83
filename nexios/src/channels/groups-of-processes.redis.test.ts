import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Program, startProgram } from "../../../test/child-process.ts";
import { type RedisServer, startRedis } from "../../../commands/services/redis-server.ts";

interface Process {
  readonly program: Program;
  readonly port: number;
}

interface Heard {
  readonly id: string;
  /** Of the group, in order. */
  readonly payloads: { readonly text?: string; readonly by?: string; readonly number?: number }[];
}

const patience = { timeout: 20_000, interval: 50 };
let redis: RedisServer;
let processes: Process[] = [];
const sockets: WebSocket[] = [];

beforeAll(async () => {
  redis = await startRedis();
  processes = await Promise.all([startProcess(), startProcess()]);
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

afterAll(async () => {
  await Promise.all(processes.map(({ program }) => program.stop("SIGKILL")));
  await redis.stop();
});

async function startProcess(): Promise<Process> {
  const env = { REDIS_URL: redis.url, NEXIOS_SECRET: "x".repeat(32) };
  const program = startProgram(process.execPath, ["--conditions=source", join(import.meta.dirname, "served-groups.fixture.ts")], env);
  const [, port] = await program.line(/^port (\d+)$/);
  return { program, port: Number(port) };
}

/** Resolves when the channel is in the group. */
function enter({ port }: Process, group: string): Promise<Heard> {
  const payloads: Heard["payloads"] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/join/${group}`);
  sockets.push(socket);
  const entered = Promise.withResolvers<Heard>();
  let id = "";
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Heard["payloads"][number] & { readonly id?: string; readonly joined?: boolean };
    if (message.id !== undefined) ({ id } = { id: message.id });
    else if (message.joined === true) entered.resolve({ id, payloads });
    else payloads.push(message);
  });
  socket.addEventListener("close", () => entered.reject(new Error("closed")));
  return entered.promise;
}

async function ask({ port }: Process, path: string, method = "POST"): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return response.json();
}

function textsOf({ payloads }: Pick<Heard, "payloads">): readonly unknown[] {
  return payloads.map(({ text }) => text);
}

test("who comes into a group with its history while two processes send gets what each has sent without hole or double", async () => {
  const [a, b] = processes as [Process, Process];
  const sending = [a, b].map((each, index) => ask(each, `/count/kept-busy/${index}`));
  const joining: Promise<Heard>[] = [];
  const isOver = Promise.all(sending);
  while (joining.length < 200) {
    joining.push(enter(joining.length % 2 === 0 ? a : b, "kept-busy"));
    if ((await Promise.any([joining.at(-1), isOver.then(() => "over")])) === "over") break;
  }
  await isOver;
  const members = await Promise.all(joining);
  for (const [index, each] of [a, b].entries()) await ask(each, `/send/kept-busy/end${index}`);
  await vi.waitFor(() => {
    for (const member of members) expect(textsOf(member)).toEqual(expect.arrayContaining(["end0", "end1"]));
  }, patience);

  expect(members.length).toBeGreaterThan(2);
  for (const { payloads } of members) {
    for (const by of ["0", "1"]) {
      const numbers = payloads.filter((each) => each.by === by).map(({ number }) => number ?? 0);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 1_000 - numbers.length + index + 1));
    }
  }
  expect(members.some(({ payloads }) => payloads.length < 2_002)).toBe(true);
});

test("a channel is reached by its id from the other process, and nobody else is", async () => {
  const [a, b] = processes as [Process, Process];
  const members = await Promise.all([enter(a, "some"), enter(a, "some"), enter(b, "some")]);
  const [ann] = members;

  const answers = await Promise.all([a, b].map((each, index) => ask(each, `/to/${ann.id}/hello${index}`)));
  await ask(a, "/send/some/all");

  await vi.waitFor(() => {
    for (const member of members) expect(textsOf(member)).toContain("all");
  }, patience);
  await vi.waitFor(() => expect(new Set(textsOf(ann))).toEqual(new Set(["all", "hello0", "hello1"])), patience);
  expect(answers).toEqual([{ isSent: true }, { isSent: true }]);
  expect(members.slice(1).map(textsOf)).toEqual([["all"], ["all"]]);
});

test("a process without members of a group takes none of its traffic, by its own count", async () => {
  const [a, b] = processes as [Process, Process];
  const countOf = (kind: string): Promise<unknown> => ask(b, `/received/${kind}`, "GET");
  const eve = await enter(b, "elsewhere");
  const ann = await enter(a, "kept-here");
  const [groups, channels] = [await countOf("group"), await countOf("channel")];

  for (let number = 0; number < 50; number++) await ask(a, `/send/kept-here/${number}`);
  await ask(a, `/to/${ann.id}/direct`);
  await ask(a, "/send/elsewhere/one");

  await vi.waitFor(() => expect(textsOf(eve)).toEqual(["one"]), patience);
  expect([await countOf("group"), await countOf("channel")]).toEqual([Number(groups) + 1, channels]);
  expect(await ask(b, "/history/kept-here", "GET")).toHaveLength(50);
});

test("a history outlives its processes, is empty once Redis has lost it, and nothing else ends", async () => {
  const [a, b] = processes as [Process, Process];
  const third = await startProcess();
  await ask(third, "/send/kept-lost/early");
  await vi.waitFor(async () => expect(await ask(a, "/history/kept-lost", "GET")).toEqual([{ text: "early" }]), patience);
  await third.program.stop("SIGKILL");
  const [ann, ben] = [await enter(a, "kept-lost"), await enter(b, "kept-lost")];

  await redis.restart();

  await vi.waitFor(async () => {
    await ask(a, "/send/kept-lost/again");
    expect(textsOf(ben)).toContain("again");
  }, patience);
  await vi.waitFor(async () => expect(JSON.stringify(await ask(b, "/history/kept-lost", "GET"))).toContain("again"), patience);
  expect(JSON.stringify(await ask(b, "/history/kept-lost", "GET"))).not.toContain("early");
  const eve = await enter(b, "kept-lost");
  expect(textsOf(eve)).not.toContain("early");
  for (const member of [ann, ben]) expect(textsOf(member).filter((text) => text === "early")).toEqual(["early"]);
});
