import type { CallStorage, KeptCall } from "nexios/client";
import { expect, test } from "vitest";
import { ownCalls } from "./own-calls.ts";

const now = 1_000_000;

function call(callId: string, userId: string | undefined, deadlineAt = now + 1): KeptCall {
  return { room: "house/main", callId, name: "say", input: { text: callId }, madeAt: now, isSent: false, userId, deadlineAt };
}

/** What all tabs of a browser share. */
function share(calls: KeptCall[] = []): CallStorage & { readonly calls: KeptCall[] } {
  return {
    calls,
    load: async (room) => calls.filter((one) => one.room === room),
    keep: (one) => void calls.push(one),
    forget(callId) {
      const at = calls.findIndex((one) => one.callId === callId);
      if (at >= 0) calls.splice(at, 1);
    },
  };
}

test("each tab finds its own calls alone", async () => {
  const shared = share([call("c1", "ann"), call("c2", "bob"), call("c3", undefined)]);

  const found = await ownCalls(
    shared,
    () => "ann",
    () => now,
  ).load("house/main");

  expect(found.map(({ callId }) => callId)).toEqual(["c1"]);
  expect(shared.calls).toHaveLength(3);
});

test("a call that is made before the server was heard is kept as its person's", () => {
  const shared = share();

  ownCalls(
    shared,
    () => "ann",
    () => now,
  ).keep(call("c1", undefined));

  expect(shared.calls[0]?.userId).toBe("ann");
});

test("calls whose time is over are forgotten, whosever they are", async () => {
  const shared = share([call("c1", "ann", now), call("c2", "bob", now - 1), call("c3", "bob")]);

  const found = await ownCalls(
    shared,
    () => "ann",
    () => now,
  ).load("house/main");

  expect(found).toEqual([]);
  expect(shared.calls.map(({ callId }) => callId)).toEqual(["c3"]);
});
