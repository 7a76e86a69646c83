import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { NexiosError } from "../protocol/failure.ts";
import { prepareRequest } from "./request.ts";

test.for([
  ["OVERLOADED", new NexiosError("OVERLOADED", "hold of bidder/ann"), 0],
  ["UNAVAILABLE", new NexiosError("UNAVAILABLE", "the app stops"), 0],
  ["INTERNAL", new NexiosError("NOT_FOUND", "no such room"), 1],
  ["INTERNAL", new Error("a mistake"), 1],
] as const)("a prepare that fails answers %s: what another time can cure is no fault of the room's code", async ([code, error, reported]) => {
  let reports = 0;
  const count = (): void => void reports++;
  subscribe("nexios:error", count);
  // What is called of a room before a decision.
  const room = {
    contract: { path: "lot/{id}" },
    checkInput: () => ({ kind: "fits", value: 1 }),
    needsPrepare: () => true,
    prepare: () => Promise.reject(error),
  } as unknown as HostedRoom;

  const told = await prepareRequest(room, {}, { name: "bid", input: 1, user: { id: "ann", name: "ann" }, receivedAt: 0, callId: "c" });

  unsubscribe("nexios:error", count);
  expect(told).toMatchObject({ code });
  expect(JSON.stringify(told)).not.toContain(error.message);
  expect(reports).toBe(reported);
});

function roomThatPrepares(prepare: () => unknown): HostedRoom {
  return { contract: { path: "lot/{id}" }, checkInput: () => ({ kind: "fits", value: 1 }), needsPrepare: () => true, prepare } as unknown as HostedRoom;
}

const request = { name: "bid", input: 1, user: { id: "ann", name: "ann" }, receivedAt: 0, callId: "c" };

test("what a prepare knows at once is there at once", () => {
  const told = prepareRequest(
    roomThatPrepares(() => "write"),
    {},
    request,
  );

  expect(told).toEqual({ input: 1, prepared: "write" });
});

test("a prepare that throws at once answers as one that rejects", () => {
  const told = prepareRequest(
    roomThatPrepares(() => {
      throw new NexiosError("UNAVAILABLE", "the app stops");
    }),
    {},
    request,
  );

  expect(told).toMatchObject({ code: "UNAVAILABLE" });
});

test("whatever has a then is waited for, as what a database gives", async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- such are what is tested.
  const query = { then: (resolve: (rows: string) => void) => resolve("rows") };

  const told = await prepareRequest(
    roomThatPrepares(() => query),
    {},
    request,
  );

  expect(told).toEqual({ input: 1, prepared: "rows" });
});
