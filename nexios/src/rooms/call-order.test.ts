import { expect, test } from "vitest";
import type { CallReply } from "./call.ts";
import { CallOrder, type CallSteps, type Turn } from "./call-order.ts";

const position = { epoch: "e", count: 1, check: 1 };
const accepted: CallReply = { kind: "accepted", result: undefined, position };
const unavailable: CallReply = { kind: "failed", code: "UNAVAILABLE" };

type Steps<Value> = Omit<CallSteps<Value>, "answer">;

function give(reply: CallReply): Steps<undefined> {
  return { prepare: () => undefined, submit: (_prepared, turn) => turn.settle(reply) };
}

/** What it is told. */
function run<Value>(order: CallOrder, id: number, steps: Steps<Value>): Promise<CallReply> {
  return new Promise((answer) => order.run(id, { ...steps, answer }));
}

test("a call whose preparation takes longer is submitted before the next all the same, and none waits for another's decision", async () => {
  const order = new CallOrder(64, () => 0);
  const slow = Promise.withResolvers<string>();
  const submitted: string[] = [];
  const submit = (what: string): void => void submitted.push(what);

  void run(order, 1, { prepare: () => slow.promise, submit });
  void run(order, 2, { prepare: () => "second", submit });
  void run(order, 3, { prepare: () => Promise.resolve("third"), submit });
  await Promise.resolve();
  const early = [...submitted];
  slow.resolve("first");
  await new Promise((resolve) => setImmediate(resolve));

  expect([early, submitted]).toEqual([[], ["first", "second", "third"]]);
});

test("all later calls fail like one that may be tried again, each until it comes again itself", async () => {
  const order = new CallOrder(64, () => 0);
  const kinds: string[] = [];
  for (const [id, reply] of [
    [5, unavailable],
    [13, accepted],
    [4, accepted],
    [5, accepted],
    [15, accepted],
    [13, accepted],
    [15, accepted],
  ] as const) {
    const settled = await run(order, id, give(reply));
    kinds.push(`${id} ${settled.kind}`);
  }

  expect(kinds).toEqual(["5 failed", "13 failed", "4 accepted", "5 accepted", "15 failed", "13 accepted", "15 accepted"]);
});

test("a call that was given up holds up the later ones for half a minute at most", async () => {
  let now = 0;
  const order = new CallOrder(64, () => now);
  await run(order, 1, give(unavailable));

  now = 29_999;
  const early = await run(order, 2, give(accepted));
  now = 60_001;
  const late = await run(order, 3, give(accepted));

  expect([early.kind, late.kind]).toEqual(["failed", "accepted"]);
});

test("a call that nobody waits for any more holds up nobody", async () => {
  const order = new CallOrder(64, () => 0);
  await run(order, 1, give(unavailable));

  const before = await run(order, 2, give(accepted));
  order.forget(1);
  order.forget(2);

  expect([before.kind, (await run(order, 3, give(accepted))).kind]).toEqual(["failed", "accepted"]);
});

test("a failure that is no use to try again holds up nobody", async () => {
  const order = new CallOrder(64, () => 0);
  await run(order, 1, give({ kind: "failed", code: "INVALID_MESSAGE" }));

  expect((await run(order, 2, give(accepted))).kind).toBe("accepted");
});

test("a call past the limit fails, and so do the later ones until it comes again", async () => {
  const order = new CallOrder(1, () => 0);
  const turns: Turn[] = [];
  const running = run(order, 1, { ...give(accepted), submit: (_prepared, turn) => void turns.push(turn) });

  const second = await run(order, 2, give(accepted));
  turns[0]?.settle(accepted);
  await running;
  const third = await run(order, 3, give(accepted));
  const again = await run(order, 2, give(accepted));

  expect([second, third, again.kind]).toEqual([{ kind: "failed", code: "OVERLOADED" }, { kind: "failed", code: "OVERLOADED" }, "accepted"]);
});

test("in the step in which a call fails all later ones are held up, and when it comes again still those that were sent before", async () => {
  const order = new CallOrder(64, () => 0);
  const turns = new Map<number, Turn>();
  const wait = (id: number): Steps<undefined> => ({ prepare: () => undefined, submit: (_prepared, turn) => void turns.set(id, turn) });
  const settled = run(order, 2, wait(2));
  for (const id of [1, 3]) void run(order, id, wait(id));
  const held = (): readonly boolean[] => [1, 2, 3, 4].map((id) => turns.get(id)?.blocks() !== undefined);

  turns.get(2)?.settle(unavailable);
  const atOnce = held();
  await settled;
  void run(order, 2, wait(2));
  void run(order, 4, wait(4));
  const again = held();
  turns.get(2)?.settle(accepted);

  expect([atOnce, again, held()]).toEqual([
    [false, false, true, false],
    [false, false, true, false],
    [false, false, false, false],
  ]);
});
