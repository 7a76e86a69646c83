import { expect, test } from "vitest";
import { usePostgres } from "../postgres/database.fixture.ts";
import { createNotifyBroker } from "../postgres/notify-broker.ts";
import { open, settled } from "./box.fixture.ts";

const postgres = usePostgres();

test("by NOTIFY a group's payload of 8,000 bytes reaches the other process, and so does one for a channel; more, and a history, are refused by codes", async () => {
  const url = await postgres.newUrl();
  const options = { group: (name: string) => (name === "kept" ? { keep: 5 } : undefined) };
  const [here, there] = [open({ broker: createNotifyBroker({ url }), channels: options }), open({ broker: createNotifyBroker({ url }), channels: options })];
  const [ann, ben] = [await here.join(["a", "kept"]), await there.join(["a"])];
  const largest = "x".repeat(8_000);
  const refused = expect.objectContaining({ code: "LIMIT", message: expect.stringContaining("REDIS_URL") });

  here.channels.groupSend("a", largest);
  here.channels.sendTo(ben.channel.id, { direct: true });

  expect(() => here.channels.groupSend("a", `${largest}x`)).toThrow(refused);
  expect(() => here.channels.sendTo(ben.channel.id, new Uint8Array(8_001))).toThrow(refused);
  await expect(here.channels.history("kept")).rejects.toMatchObject({ code: "NO_HISTORY", message: expect.stringContaining("REDIS_URL") });
  expect(new Set([await ben.peer.nextJson(), await ben.peer.nextJson()])).toEqual(new Set([largest, { direct: true }]));
  expect([await ann.peer.nextJson(), await ann.settle(), await ben.settle()]).toEqual([largest, settled, settled]);
});

test("the limit of a payload by NOTIFY is an option", async () => {
  const url = await postgres.newUrl();
  const { channels, join } = open({ broker: createNotifyBroker({ url, payloadBytes: 10 }) });
  await join(["a"]);

  expect(() => channels.groupSend("a", "x".repeat(11))).toThrow(/at most 10 bytes/);
  expect(channels.groupSend("a", "x".repeat(10)).handed).toBe(1);
});
