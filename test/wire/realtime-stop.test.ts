import { expect, test } from "vitest";
import { turn } from "./raw-socket.ts";
import { createDoorman, type Doorman, openApp, visitRoom } from "./realtime-house.ts";

async function arrived(doorman: Doorman, count: number): Promise<void> {
  while (doorman.waiting.length < count) await turn();
}

test("a call that is cancelled before it is decided is not; its prepare is told by its signal", async () => {
  const doorman = createDoorman();
  await using app = openApp(doorman);
  const { visitor, room } = await visitRoom(app, "ann");
  const [call, kept] = [visitor.call(room, "sayLater", "never"), visitor.call(room, "sayLater", "kept")];
  visitor.send(call, kept, { kind: "ask", id: 90, room, name: "countLater", input: undefined });
  await arrived(doorman, 3);

  visitor.send({ kind: "cancel", id: call.id }, { kind: "cancel", id: 90 });
  const cancelled = [await visitor.reply(call.id), await visitor.reply(90)];
  doorman.waiting[1]?.goOn();
  const decided = await visitor.reply(kept.id);
  visitor.send({ kind: "cancel", id: kept.id }, { ...call, isRepeat: true });
  await arrived(doorman, 4);
  doorman.waiting[3]?.goOn();

  expect(cancelled).toMatchObject([
    { kind: "failed", code: "CANCELLED" },
    { kind: "failed", code: "CANCELLED" },
  ]);
  expect(doorman.waiting.map(({ signal }) => signal.aborted)).toEqual([true, false, true, false]);
  expect(decided.kind).toBe("accepted");
  expect((await visitor.reply(call.id)).kind).toBe("accepted");
  expect(await visitor.heard(2)).toEqual(["kept", "never"]);
});

test("the end of a connection is told to what prepares for it", async () => {
  const doorman = createDoorman();
  await using app = openApp(doorman);
  const { visitor, room } = await visitRoom(app, "ann");
  visitor.send(visitor.call(room, "sayLater", "never"));
  await arrived(doorman, 1);

  visitor.peer.close();
  await visitor.peer.closed;
  while (doorman.waiting[0]?.signal.aborted !== true) await turn();

  expect(doorman.waiting[0]?.signal.aborted).toBe(true);
});

test("a stop answers the calls that are under way, takes no more, and then closes with a moment to come back", async () => {
  const doorman = createDoorman();
  const app = openApp(doorman, { random: () => 0.5 });
  const [{ visitor: ann, room }, { visitor: bob }] = [await visitRoom(app, "ann"), await visitRoom(app, "bob")];
  const call = ann.call(room, "sayLater", "last");
  ann.send(call);
  await arrived(doorman, 1);

  const stopping = app.stop();
  const idle = await bob.peer.closed;
  const late = ann.call(room, "say", "too late");
  ann.send(late);
  const refused = await ann.reply(late.id);
  doorman.waiting[0]?.goOn();
  const reply = await ann.reply(call.id);
  await stopping;

  expect(idle).toEqual({ code: 4503, reason: "1000" });
  expect(refused).toMatchObject({ kind: "failed", code: "UNAVAILABLE" });
  expect(reply.kind).toBe("accepted");
  expect(await ann.peer.closed).toEqual({ code: 4503, reason: "1000" });
});

test("a stop does not wait for a call for ever: who waits for it is sent away in good order before the deadline", async () => {
  const doorman = createDoorman();
  const app = openApp(doorman, { random: () => 0 });
  const { visitor, room } = await visitRoom(app, "ann");
  visitor.send(visitor.call(room, "sayLater", "never"));
  await arrived(doorman, 1);

  await app.stop({ deadlineMs: 200 });

  expect(await visitor.peer.closed).toEqual({ code: 4503, reason: "0" });
});

test("a program of a version that is no longer served is told so, and its connection is closed with 4410", async () => {
  await using app = openApp({ ...createDoorman(), leastVersion: 2 });
  const { visitor } = await visitRoom(app, "ann");
  const { visitor: old } = await visitRoom(app, "bob");
  const join = old.join("words/2", { version: 1 });

  old.send(join);

  expect(await old.reply(join.id)).toMatchObject({ kind: "failed", code: "OUTDATED" });
  expect(await old.peer.closed).toEqual({ code: 4410, reason: "an older version of the contract" });
  expect((await visitor.joinAlso("words/2")) > 0).toBe(true);
});
