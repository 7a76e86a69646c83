import { NexiosApp } from "nexios";
import { type Client, createClient } from "nexios/client";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { house, houseName } from "../rooms/house.ts";
import { BreakableNetwork } from "../web/src/network/breakable-network.ts";
import { openWebSocket } from "../web/src/network/open-web-socket.ts";
import { carriesEntry } from "../web/src/network/page-network.ts";
import { pageClock } from "../web/src/network/page-clock.ts";
import { HouseTalk, type ReadingMemory } from "../web/src/talk/house-talk.ts";
import type { TalkView } from "../web/src/talk/talk-view.ts";
import { houseRoom } from "./house-room.ts";

// The page's model of the talk, without a page: over real connections to a real server.

const bob = { user: { id: "bob", name: "Bob" } };
let folder: string;
let app: NexiosApp;
let network: BreakableNetwork;
let clients: Client[] = [];
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-talk-"));
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" }, env: { NEXIOS_SECRET: "a secret of the test, long enough to be one" } }).add(houseRoom);
  url = (await app.listen({ port: 0 })).url;
  network = new BreakableNetwork(pageClock, carriesEntry);
});

afterEach(async () => {
  for (const client of clients) await client.close();
  clients = [];
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true, force: true });
});

function openTalk(memory: ReadingMemory = { read: () => undefined, write: () => {} }): HouseTalk {
  const client = createClient({
    url: `${url}/realtime`,
    token: () => app.tokens.issue({ sub: "ann", name: "Ann" }, { expiresInSeconds: 60 }),
    world: { connect: network.over(openWebSocket) },
    limits: { retryMs: 20 },
  });
  clients.push(client);
  const room = client.join(house, { house: houseName }, { expect: { say: (_talk, { text }) => ({ text, at: 0, by: { id: "ann", name: "Ann" } }) } });
  const talk = new HouseTalk(room, { memory, isConnected: () => client.status.kind === "live" });
  talk.start();
  return talk;
}

/** Resolves when the talk shows what is waited for. */
function until(talk: HouseTalk, holds: (view: TalkView) => boolean): Promise<TalkView> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds(talk.view)) return;
      cancel();
      resolve(talk.view);
    };
    const cancel = talk.onChange(look);
    queueMicrotask(look);
  });
}

const textsOf = ({ transcript }: TalkView): readonly string[] => transcript.lines.map(({ text }) => text);
const sayAsBob = (text: string) => app.room(house, { house: houseName }).call("say", { text }, bob);

test("a line stands there as one that is expected, and then once as one that was said", async () => {
  const talk = openTalk();
  await until(talk, ({ isKnown }) => isKnown);

  talk.say("hello");
  const soon = await until(talk, ({ expected }) => expected.length > 0);
  const later = await until(talk, ({ transcript }) => transcript.lines.length > 0);

  expect(soon.expected.map(({ text, number }) => [text, number])).toEqual([["hello", 1]]);
  expect([textsOf(later), later.expected]).toEqual([["hello"], []]);
});

test("lines that are said while the line is cut wait, and stand behind what was said meanwhile", async () => {
  const talk = openTalk();
  talk.show(true);
  await until(talk, ({ isKnown }) => isKnown);
  await sayAsBob("before");
  await until(talk, ({ transcript }) => transcript.lines.length === 1);

  network.cut(100);
  talk.say("mine");
  await sayAsBob("meanwhile");
  const waiting = talk.view;
  const back = await until(talk, ({ transcript }) => transcript.lines.length === 3);

  expect([textsOf(waiting), waiting.expected.map(({ text, isSent }) => [text, isSent])]).toEqual([["before"], [["mine", false]]]);
  expect(textsOf(back)).toEqual(["before", "meanwhile", "mine"]);
  expect(back.reading.mark).toEqual({ after: 1, upTo: 2 });
});

test("a hole in a line that holds is filled without a mark: nobody was away", async () => {
  const talk = openTalk();
  talk.show(true);
  await until(talk, ({ isKnown }) => isKnown);
  await sayAsBob("before");
  await until(talk, ({ transcript }) => transcript.lines.length === 1);

  network.loseNext();
  await sayAsBob("lost");
  await sayAsBob("shows that it is");
  const healed = await until(talk, ({ transcript }) => transcript.lines.length === 3);

  expect(textsOf(healed)).toEqual(["before", "lost", "shows that it is"]);
  expect(healed.reading.mark).toBeUndefined();
});

test("what is refused goes to whoever takes it, and into the list if nobody does", async () => {
  const talk = openTalk();
  await until(talk, ({ isKnown }) => isKnown);
  const taken: string[] = [];

  const cancel = talk.offerReturned(({ text }) => taken.push(text) > 0);
  talk.say(" ");
  await until(talk, () => taken.length === 1);
  cancel();
  talk.say("  ");
  const listed = await until(talk, ({ returned }) => returned.length === 1);
  talk.take(listed.returned[0]?.id ?? "");

  expect(taken).toEqual([" "]);
  expect(listed.returned).toMatchObject([{ text: "  ", problem: { kind: "refused", code: "EMPTY" } }]);
  expect(talk.view.returned).toEqual([]);
});

test("a line that can't even wait comes back with its reason", async () => {
  const talk = openTalk();
  await until(talk, ({ isKnown }) => isKnown);

  await clients[0]?.close();
  talk.say("too late");
  const { returned } = await until(talk, (view) => view.returned.length === 1);

  expect(returned).toMatchObject([{ text: "too late", problem: { kind: "failed", code: "CONNECTION_CLOSED" } }]);
});

test("a page that is loaded anew knows how far its person had read", async () => {
  const seen = new Map<string, number>();
  const memory: ReadingMemory = { read: (epoch) => seen.get(epoch), write: (epoch, count) => void seen.set(epoch, count) };
  const first = openTalk(memory);
  first.show(true);
  for (const text of ["one", "two"]) await sayAsBob(text);
  await until(first, ({ transcript }) => transcript.lines.length === 2);
  await clients[0]?.close();
  await sayAsBob("three");

  const second = openTalk(memory);
  const { unread } = await until(second, ({ isKnown }) => isKnown);
  second.show(true);

  expect(unread).toBe(1);
  expect(second.view.reading.mark).toEqual({ after: 2, upTo: 3 });
});

test("the past comes page by page, without a hole and without an end that is none", async () => {
  for (let said = 1; said <= 3; said++)
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        app.room(house, { house: houseName }).call("say", { text: "x" }, { user: { id: `guest-${said}-${index % 6}`, name: "Guest" } }),
      ),
    );
  const talk = openTalk();
  const known = await until(talk, ({ isKnown }) => isKnown);

  const asked = [known];
  for (let page = 0; page < 2; page++) {
    await talk.earlier();
    asked.push(talk.view);
  }

  expect(asked.map(({ transcript, past }) => [transcript.lines[0]?.number, past])).toEqual([
    [81, "more"],
    [31, "more"],
    [1, "end"],
  ]);
});
