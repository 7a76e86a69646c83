import { ManualClock } from "nexios/testing";
import { expect, test } from "vitest";
import { createDoorman, issue, openApp, visit, visitRoom, type Visitor } from "./realtime-house.ts";

/** Looks at expiry come each half second. */
async function pass(clock: ManualClock, visitors: readonly Visitor[], ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await clock.advance(500);
    for (const visitor of visitors) visitor.send({ kind: "ping", sentAt: 0 });
    await Promise.all(visitors.map((visitor) => visitor.next("pong").catch(() => undefined)));
  }
}

test("a token that runs out ends the connection with 4501 within a second, and not before", async () => {
  const clock = new ManualClock();
  await using app = openApp(createDoorman(), { clock });
  const visitor = await visit(app);
  await visitor.enter(await issue(app, "ann", 10));
  let endedAt = -1;
  void visitor.peer.closed.then(() => (endedAt = clock.monotonic()));

  await pass(clock, [visitor], 11_000);

  expect(await visitor.peer.closed).toEqual({ code: 4501, reason: "token ran out" });
  expect(endedAt).toBeGreaterThanOrEqual(10_000);
  expect(endedAt).toBeLessThanOrEqual(11_000);
});

test("a newer token of the same user carries the connection on, and no entry is missed; another user's is refused", async () => {
  const clock = new ManualClock();
  await using app = openApp(createDoorman(), { clock });
  const [ann, bob] = [await visit(app), await visit(app)];
  const room = await ann.enter(await issue(app, "ann", 10));
  await bob.enter(await issue(app, "bob", 3_600));
  const say = async (word: string): Promise<void> => {
    const call = bob.call(room, "say", word, undefined);
    bob.send({ ...call, callId: call.callId.replace(/^.{13}/, toTime(clock)) });
    await bob.reply(call.id);
  };

  await say("before");
  await pass(clock, [ann, bob], 8_000);
  ann.send({ kind: "renew", id: 50, token: await issue(app, "bob", 60) }, { kind: "ping", sentAt: 0 });
  const foreign = await ann.reply(50);
  ann.send({ kind: "renew", id: 51, token: await issue(app, "ann", 60) });
  await say("meanwhile");
  const renewed = await ann.reply(51);
  ann.send({ kind: "renew", id: 52, token: "nonsense" });
  const wrong = await ann.reply(52);
  await pass(clock, [ann, bob], 20_000);
  await say("after");

  expect(foreign).toMatchObject({ kind: "failed", code: "FORBIDDEN" });
  expect(renewed).toMatchObject({ kind: "renewed" });
  expect(renewed.kind === "renewed" && renewed.expiresInMs).toBeGreaterThan(58_000);
  expect(wrong).toMatchObject({ kind: "failed", code: "TOKEN_INVALID" });
  expect(await ann.heard(3)).toEqual(["before", "meanwhile", "after"]);
});

test("of two renewals at once the second is told to come again", async () => {
  await using app = openApp(createDoorman());
  const { visitor } = await visitRoom(app, "ann");
  const token = await issue(app, "ann");

  visitor.send({ kind: "renew", id: 50, token }, { kind: "renew", id: 51, token });

  expect([(await visitor.reply(50)).kind, await visitor.reply(51)]).toMatchObject(["renewed", { kind: "failed", code: "TOO_MANY" }]);
});

test("a right that is withdrawn ends in that room alone, and can't be taken up again by a position", async () => {
  const doorman = createDoorman();
  await using app = openApp(doorman);
  const { visitor: ann, room } = await visitRoom(app, "ann");
  const other = await ann.joinAlso("words/2");
  const { visitor: bob } = await visitRoom(app, "bob");
  const first = await bob.say(room, "seen");
  await ann.heard(1);

  doorman.banned.add("ann");
  await app.withdraw("ann", "words/1");
  const left = await ann.next("left");
  await bob.say(room, "hidden");
  doorman.banned.delete("ann");
  const stays = await ann.say(other, "other room");
  doorman.banned.add("ann");
  const back = ann.join("words/1", { since: first.kind === "accepted" ? first.position : undefined });
  ann.send(back);

  expect(left).toMatchObject({ room, code: "FORBIDDEN" });
  expect(stays.kind).toBe("accepted");
  expect(await ann.reply(back.id)).toMatchObject({ kind: "failed", code: "FORBIDDEN" });
  expect(await ann.heard(1)).toEqual(["other room"]);
});

test("no entry before the place from which a member may see is sent, whatever position it names", async () => {
  const doorman = createDoorman();
  await using app = openApp(doorman);
  const { visitor: bob, room } = await visitRoom(app, "bob");
  for (const word of ["one", "two", "three"]) await bob.say(room, word);
  doorman.from.set("ann", 2);
  const ann = await visit(app);

  await ann.enter(await issue(app, "ann"), "words/1", { since: { epoch: "", count: 0, check: 0 } });
  const snapshot = await ann.next("snapshot");
  ann.send({ kind: "history", id: 60, room, before: 4, limit: 10 });
  const history = await ann.reply(60);
  await bob.say(room, "four");

  expect(snapshot.position.count).toBe(3);
  expect(history.kind === "history" && history.entries.map(({ count }) => count)).toEqual([3]);
  expect(await ann.heard(1)).toEqual(["four"]);
});

function toTime(clock: ManualClock): string {
  const hex = Math.floor(clock.now()).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
