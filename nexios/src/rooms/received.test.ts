import { afterEach, expect, test } from "vitest";
import type { ServerFrame } from "../protocol/frame.ts";
import { House } from "./house.fixture.ts";
import { serveLot } from "./lot.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

async function openLot(forMs: number) {
  const process = await house.open({}, [serveLot()]);
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "lot/1");
  const send = async (
    name: string,
    input: unknown,
    callId = house.callId(),
    again?: { readonly id: number },
  ): Promise<ServerFrame & { readonly id: number }> => {
    const id = ann.ask({ kind: "call", id: again?.id ?? ann.nextId(), room, name, input, callId, isRepeat: again !== undefined });
    await house.settle();
    const replies = ann.frames.filter((frame): frame is ServerFrame & { readonly id: number } => "id" in frame && frame.id === id);
    return replies.at(-1)!;
  };
  await send("open", { closesAt: house.clock.now() + forMs });
  return { time: house.times[0]!, raise: (maximum: number, callId?: string, again?: { readonly id: number }) => send("raise", { maximum }, callId, again) };
}

test("what arrives about a room's hour is not decided by a process that does not know the time well enough, and the same call is once it does", async () => {
  const { time, raise } = await openLot(5_000);
  time.boundMs = 1_000;

  await house.clock.advance(3_999);
  const early = await raise(10);
  await house.clock.advance(1);
  const callId = house.callId();
  const unsure = await raise(30, callId);
  time.boundMs = 100;
  const sure = await raise(30, callId, unsure);

  expect([early, unsure, sure]).toMatchObject([{ kind: "accepted" }, { kind: "failed", code: "UNAVAILABLE" }, { kind: "accepted" }]);
});

test("what was stamped while the time was not known well enough is not decided about the room's hour, though it is known by then", async () => {
  const { time, raise } = await openLot(5_000);
  await house.clock.advance(4_500);
  // As after a sleep: the time stands far behind until the store was asked.
  Object.assign(time, { offMs: -3_600_000, boundMs: 3_601_000 });

  const raising = raise(10);
  Object.assign(time, { offMs: 0, boundMs: 0 });

  expect(await raising).toMatchObject({ kind: "failed", code: "UNAVAILABLE" });
});

test("a room without an hour, and a call that the log remembers, are answered however badly the time is known", async () => {
  const { time, raise } = await openLot(5_000);
  const callId = house.callId();
  const first = await raise(10, callId);
  time.boundMs = 10_000;
  const again = await raise(10, callId, first);
  const other = await raise(20);

  expect([first, again, other]).toMatchObject([{ kind: "accepted" }, { kind: "accepted" }, { kind: "failed", code: "UNAVAILABLE" }]);
});
