import { expect, test } from "vitest";
import { ClosingLog } from "./closing-log.ts";
import { logSuite } from "./log-suite.ts";
import { MemoryLog } from "./memory-log.ts";

const suite = logSuite(async (options) => new ClosingLog(new MemoryLog({ ...options, newEpoch: () => crypto.randomUUID() })));

test.each(suite)("closing log: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test("from its close on each method says that the store can't be had, and nothing is decided", async () => {
  const log = new ClosingLog(new MemoryLog({ now: () => 1, newEpoch: () => "epoch" }));
  const place = { epoch: "epoch", offset: 0, check: 0 };
  let decided = 0;
  const decide = (): undefined => void decided++;
  await log.append({ room: "r", from: undefined, keys: [] }, decide);
  await log.close();

  const answers = [
    log.append({ room: "r", from: undefined, keys: [] }, decide),
    log.head("r"),
    log.read("r", 0, 1),
    log.readPublic("r", 0, 1),
    log.readPublicBefore("r", 1, 1),
    log.checkpoint("r"),
    log.putCheckpoint("r", { ...place, position: 0, publicCheck: 0, version: 1, bytes: new Uint8Array() }, { offset: 0, position: 0 }),
    log.pack("r", 1, 1),
    log.changedSince(0),
    log.heads(["r"]),
    log.due(1, 1),
  ];

  for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(log.close()).resolves.toBeUndefined();
  expect([decided, log.now()]).toEqual([1, 1]);
});

test("what was under way when it closed ends as the log lets it", async () => {
  const inner = new MemoryLog({ now: () => 1, newEpoch: () => "epoch" });
  const log = new ClosingLog(inner);

  const head = log.head("r");
  await log.close();

  await expect(head).resolves.toBeUndefined();
});
