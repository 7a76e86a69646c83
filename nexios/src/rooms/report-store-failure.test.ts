import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Log } from "../log/log.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Reports } from "../world/report.ts";
import { add, clock, decider, memoryLog } from "./decider.fixture.ts";

let told: Reports["error"][] = [];
const note = (fields: unknown): void => void told.push(fields as Reports["error"]);

beforeEach(() => {
  told = [];
  subscribe("nexios:error", note);
});

afterEach(() => {
  unsubscribe("nexios:error", note);
});

function refusing(error: NexiosError): Log {
  const append = async (): Promise<never> => {
    throw error;
  };
  return Object.assign(Object.create(memoryLog()) as Log, { append, now: () => clock.now(), timeBoundMs: () => 0 });
}

test("why a store writes nothing is told to the operator, once a second for all rooms and calls", async () => {
  const refusal = new NexiosError("UNAVAILABLE", "PostgreSQL could not do it", { cause: new Error("permission denied for table nexios_room") });
  const log = refusing(refusal);
  const deciders = [decider(log).decider, decider(log).decider];

  for (const each of [...deciders, ...deciders]) await add(each, 1);
  const before = [...told];
  await clock.advance(1_000);
  await add(deciders[0]!, 1);

  expect(before).toEqual([{ where: "appending to counter/1", error: refusal }]);
  expect(told.length).toBe(2);
});

test("that a room is damaged is told to the operator, and not what is an answer to the room alone or has no cause", async () => {
  const damaged = new NexiosError("DAMAGED", "What is stored is not what was written");
  for (const error of [damaged, new NexiosError("LIMIT", "full"), new NexiosError("CONFLICT", "others"), new NexiosError("UNAVAILABLE", "closed")])
    await add(decider(refusing(error)).decider, 1);

  expect(told.map(({ error }) => error)).toEqual([damaged]);
});
