import { expect, test } from "vitest";
import { createLineRig, settle } from "./line-rig.ts";

/** The server speaks each second, so that the line is not taken for dead. */
async function passWithFrames(rig: ReturnType<typeof createLineRig>, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await rig.advance(1_000);
    rig.socket().say("frame");
  }
}

test("a minute before its token ends the next one is handed over on the same socket", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().say("hello");

  await passWithFrames(rig, 839);
  const early = [...rig.socket().sent];
  await passWithFrames(rig, 1);

  expect(early).toEqual([]);
  expect(rig.socket().sent).toEqual([{ type: "renew", token: "token 2" }]);
  expect(rig.asked).toEqual([false, true]);
  expect(rig.sockets).toHaveLength(1);
  expect(rig.statuses.at(-1)).toEqual({ kind: "open" });
});

test("each token is renewed in its turn, for as long as the line is open", async () => {
  const rig = createLineRig();
  await settle();
  rig.socket().say("hello");

  await passWithFrames(rig, 3_600);

  expect(rig.socket().sent).toHaveLength(4);
  expect(rig.sockets).toHaveLength(1);
});

test("a renewal that finds no server is tried again, and the line stays open meanwhile", async () => {
  const rig = createLineRig([{ kind: "token", token: "first", expiresAt: 900_000 }, { kind: "unreachable" }]);
  await settle();
  rig.socket().say("hello");

  await passWithFrames(rig, 849);
  const early = [...rig.socket().sent];
  await passWithFrames(rig, 1);

  expect(early).toEqual([]);
  expect(rig.socket().sent).toEqual([{ type: "renew", token: "token 3" }]);
  expect(rig.statuses.at(-1)).toEqual({ kind: "open" });
});

test("a person whom the server does not know any more is not renewed, and keeps the line until it is ended", async () => {
  const rig = createLineRig([{ kind: "token", token: "first", expiresAt: 900_000 }, { kind: "refused" }]);
  await settle();
  rig.socket().say("hello");

  await passWithFrames(rig, 890);

  expect(rig.asked).toEqual([false, true]);
  expect(rig.socket().sent).toEqual([]);
  expect(rig.statuses.at(-1)).toEqual({ kind: "open" });
});

test("tokens that are always about to end do not make a storm", async () => {
  const rig = createLineRig(Array.from({ length: 50 }, (_, index) => ({ kind: "token", token: `short ${index}`, expiresAt: 0 })));
  await settle();
  rig.socket().say("hello");

  await passWithFrames(rig, 100);

  expect(rig.socket().sent.length).toBeLessThanOrEqual(11);
});

test("a socket that was lost is not renewed, and its token that comes late goes nowhere", async () => {
  const rig = createLineRig([{ kind: "token", token: "first", expiresAt: 60_000 }]);
  await settle();
  const lost = rig.socket();
  lost.say("hello");

  const advancing = rig.advance(0);
  lost.end(1006);
  await advancing;
  await rig.advance(500);

  expect(lost.sent).toEqual([]);
  expect(rig.sockets).toHaveLength(2);
});
