import { expect, test } from "vitest";
import { createLineRig, settle } from "./line-rig.ts";

test("a line is open when the server has spoken, not when the socket is", async () => {
  const rig = createLineRig();
  await settle();

  const before = rig.statuses.at(-1);
  rig.socket().say("hello");

  expect(before).toEqual({ kind: "connecting", since: 0 });
  expect(rig.statuses.at(-1)).toEqual({ kind: "open" });
  expect(rig.texts).toEqual(["hello"]);
});

test("a line that is cut waits longer each time, and counts from the first loss", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().say("hello");
  await rig.advance(1_000);

  rig.socket().end(1006);
  expect(rig.statuses.at(-1)).toEqual({ kind: "waiting", since: 1_000, retryAt: 1_500 });
  await rig.advance(500);
  rig.socket().end(1006);

  expect(rig.statuses.at(-1)).toEqual({ kind: "waiting", since: 1_000, retryAt: 2_500 });
});

test("the waits begin anew after the server has spoken", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().end(1006);
  await rig.advance(500);
  rig.socket().say("hello");

  rig.socket().end(1006);

  expect(rig.statuses.at(-1)).toEqual({ kind: "waiting", since: 500, retryAt: 1_000 });
});

test("a line never gives up while the server cannot be reached", async () => {
  const rig = createLineRig(Array.from({ length: 50 }, () => ({ kind: "unreachable" })));
  await settle();

  for (let attempt = 0; attempt < 50; attempt++) await rig.advance(20_000);

  expect(rig.sockets).toHaveLength(1);
});

test("a token that ran out is replaced before the next try", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().say("hello");

  rig.socket().end(4501);
  await rig.advance(500);

  expect(rig.asked).toEqual([false, true]);
  expect(rig.socket().token).toBe("token 2");
});

test("a token stays in use when the line was merely cut", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().say("hello");

  rig.socket().end(1006);
  await rig.advance(500);

  expect(rig.asked).toEqual([false, false]);
});

test("a handshake that never succeeds puts the token under suspicion", async () => {
  const rig = createLineRig();
  await settle();

  rig.socket().end(1006);
  await rig.advance(500);

  expect(rig.asked).toEqual([false, true]);
});

test("a new token that is refused like the old one ends the line", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().end(4401);
  await rig.advance(500);

  rig.socket().end(4401);
  await rig.advance(60_000);

  expect(rig.statuses.at(-1)).toEqual({ kind: "refused", code: 4401 });
  expect(rig.sockets).toHaveLength(2);
});

test("a final code ends the line, and waking it changes nothing", async () => {
  const rig = createLineRig();
  await settle();

  rig.socket().end(4403);
  rig.line.wake();
  await rig.advance(60_000);

  expect(rig.statuses.at(-1)).toEqual({ kind: "refused", code: 4403 });
  expect(rig.sockets).toHaveLength(1);
});

test("waking a line that waits tries at once, and only once", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().end(1006);

  rig.line.wake();
  rig.line.wake();
  await rig.advance(20_000);

  expect(rig.sockets.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
});

test("a socket that is silent for ten seconds is taken for dead, and can no longer speak", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().say("hello");
  const dead = rig.socket();

  await rig.advance(10_000);
  dead.say("late");

  expect(dead.isClosed).toBe(true);
  expect(rig.statuses.at(-1)?.kind).toBe("waiting");
  expect(rig.texts).toEqual(["hello"]);
});

test("a closed line opens nothing, even if its token comes later", async () => {
  const rig = createLineRig();

  rig.line.close();
  await rig.advance(60_000);

  expect(rig.sockets).toHaveLength(0);
});
