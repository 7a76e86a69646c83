import type { ConnectionEvents } from "nexios/client";
import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../../../nexios/src/testing/manual-clock.ts";
import { BreakableNetwork } from "./breakable-network.ts";
import type { Connect } from "./open-web-socket.ts";
import { carriesEntry } from "./page-network.ts";

let clock: ManualClock;
let network: BreakableNetwork;
let far: { readonly events: ConnectionEvents; readonly sent: unknown[]; isClosed: boolean }[];
let heard: string[];

beforeEach(() => {
  clock = new ManualClock();
  network = new BreakableNetwork(clock, (message) => message === "entry");
  far = [];
  heard = [];
});

const connect: Connect = (_url, _subprotocols, events) => {
  const end = { events, sent: [] as unknown[], isClosed: false };
  far.push(end);
  return { send: (message) => void end.sent.push(message), close: () => void (end.isClosed = true) };
};

function open() {
  return network.over(connect)("ws://house/realtime", "nexios.v1.json", {
    onOpen: () => heard.push("open"),
    onMessage: (message) => heard.push(String(message)),
    onClose: (code) => heard.push(`closed ${code}`),
  });
}

test("a whole network hands on everything at once", () => {
  const line = open();

  far[0]?.events.onOpen();
  far[0]?.events.onMessage("a");
  line.send("b");
  far[0]?.events.onClose(4503, "10");

  expect([heard, far[0]?.sent]).toEqual([["open", "a", "closed 4503"], ["b"]]);
});

test("a cut ends what is open, refuses what is opened meanwhile, and is over by itself", async () => {
  open();

  network.cut(10_000);
  const atOnce = [...heard];
  open();
  await clock.advance(9_999);
  const opened = far.length;
  await clock.advance(1);
  open();

  expect(atOnce).toEqual(["closed 1006"]);
  expect(heard).toEqual(["closed 1006", "closed 1006"]);
  expect([far[0]?.isClosed, opened, far.length, network.faults.cutUntil]).toEqual([true, 1, 2, undefined]);
});

test("a line that was cut says nothing any more, whatever comes behind it", () => {
  open();

  network.cut(10_000);
  far[0]?.events.onMessage("late");
  far[0]?.events.onClose(1006, "");

  expect(heard).toEqual(["closed 1006"]);
});

test("a refusal never comes before the line is in its holder's hands, and not after it was closed", async () => {
  network.cut(10_000);

  const line = open();
  const atOnce = [...heard];
  line.close();
  await clock.advance(1);

  expect([atOnce, heard]).toEqual([[], []]);
});

test("a second cut lasts as long as it says", async () => {
  network.cut(10_000);
  await clock.advance(5_000);

  network.cut(10_000);
  await clock.advance(9_999);
  const before = network.faults.cutUntil;
  await clock.advance(1);

  expect([before, network.faults.cutUntil]).toEqual([15_000, undefined]);
});

test("on a slow network all comes later and in order, the end too", async () => {
  open();
  network.slow(1_500);

  far[0]?.events.onMessage("a");
  await clock.advance(1_000);
  far[0]?.events.onMessage("b");
  far[0]?.events.onClose(1001, "");
  await clock.advance(500);
  const first = [...heard];
  await clock.advance(1_000);

  expect([first, heard]).toEqual([["a"], ["a", "b", "closed 1001"]]);
});

test("when it is fast again, nothing overtakes what still waits", async () => {
  open();
  network.slow(1_500);
  far[0]?.events.onMessage("a");

  network.slow(0);
  far[0]?.events.onMessage("b");
  const atOnce = [...heard];
  await clock.advance(1_500);
  far[0]?.events.onMessage("c");

  expect([atOnce, heard]).toEqual([[], ["a", "b", "c"]]);
});

test("exactly one message that matters is lost", () => {
  open();
  network.loseNext();

  for (const message of ["pong", "entry", "entry"]) far[0]?.events.onMessage(message);

  expect(heard).toEqual(["pong", "entry"]);
  expect(network.faults.losesNext).toBe(false);
});

test("a loss that was not wanted after all does not happen", () => {
  open();

  network.loseNext();
  network.loseNext(false);
  far[0]?.events.onMessage("entry");

  expect(heard).toEqual(["entry"]);
});

test("whoever watches is told of each fault, and finds the same object until the next", () => {
  const seen: object[] = [];
  network.onChange(() => seen.push(network.faults));

  network.slow(1_500);
  network.loseNext();

  expect(seen).toEqual([
    { cutUntil: undefined, delayMs: 1_500, losesNext: false },
    { cutUntil: undefined, delayMs: 1_500, losesNext: true },
  ]);
  expect(network.faults).toBe(seen[1]);
});

test("an entry is told from what nobody would miss, in a message of several frames too", () => {
  expect(carriesEntry('{"t":"t","c":1,"a":2}')).toBe(false);
  expect(carriesEntry('{"t":"a","i":1,"p":["e",1,2]}\n{"t":"e","r":1,"c":1}')).toBe(true);
  expect(carriesEntry('{"t":"a","i":1,"d":{"text":"{\\"t\\":\\"e\\"}"}}')).toBe(false);
  expect(carriesEntry(new Uint8Array([1]))).toBe(false);
});
