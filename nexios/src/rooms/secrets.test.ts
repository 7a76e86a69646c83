import { afterEach, expect, test } from "vitest";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import { type } from "../contract/type.ts";
import { defaultHistoryRules } from "./history-rules.ts";
import { House, type Seat } from "./house.fixture.ts";
import { serveLot } from "./lot.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

/** All that a bidder is sent while another one raises an own maximum so many times, unseen. */
async function watch(hiddenRaises: number): Promise<readonly string[]> {
  const history = { ...defaultHistoryRules, checkpointEvery: 8, keepEntries: 4 };
  const process = await house.open({ history }, [serveLot()]);
  const other = await house.open({ history }, [serveLot()]);
  const [ann, leader, late] = [house.connect(process, "ann"), house.connect(process, "leader"), house.connect(other, "late")];
  const room = await house.join(ann, "lot/1");
  const roomToo = await house.join(leader, "lot/1");
  ann.ask({ kind: "call", id: 101, room, name: "open", input: { closesAt: house.clock.now() + 60_000 }, callId: house.callId(), isRepeat: false });
  await house.settle();
  raise(leader, roomToo, 1_000_000);
  await house.settle();
  for (let round = 0; round < 12; round++) {
    for (let index = 0; index < hiddenRaises; index++) raise(leader, roomToo, 1_000_001 + round * hiddenRaises + index);
    await house.settle();
    raise(ann, room, 500_000 + round);
    await house.settle();
  }
  const entries = ann.of("entry");
  const [first, tenth] = [entries[0], entries[9]];
  for (const entry of [first, tenth]) {
    await house.join(late, "lot/1", { epoch: first?.epoch ?? "", count: entry?.count ?? 0, check: entry?.check ?? 0 });
  }
  late.ask({ kind: "history", id: 102, room, before: 100, limit: 100 });
  await house.settle();
  const epoch = first?.epoch ?? "none";
  const sent = [...ann.messages, ...late.messages].map((message) =>
    new TextDecoder()
      .decode(message)
      .replaceAll(epoch, "E")
      .replaceAll(/"[0-9a-f-]{36}"/g, '"ID"'),
  );
  await house.close();
  house = new House();
  return sent;
}

function raise(seat: Seat, room: number, maximum: number): void {
  seat.ask({ kind: "call", id: seat.nextId(), room, name: "raise", input: { maximum }, callId: house.callId(), isRepeat: false });
}

test("what a member may not see changes nothing in what it gets: no byte, no number, no size", async () => {
  const calm = await watch(0);
  const busy = await watch(25);

  expect(busy).toEqual(calm);
  expect(calm.join("")).toContain("gap");
  expect(calm.join("")).not.toContain("1000000");
});

test("a process that did not decide learns no more than members do: the broker carries public parts alone", async () => {
  const heard: Uint8Array[] = [];
  const process = await house.open({}, [serveLot()]);
  await house.network.join().subscribe("room/lot/1", (message) => void heard.push(message));
  const leader = house.connect(process, "leader");
  const room = await house.join(leader, "lot/1");
  leader.ask({ kind: "call", id: 101, room, name: "open", input: { closesAt: house.clock.now() + 60_000 }, callId: house.callId(), isRepeat: false });
  await house.settle();
  raise(leader, room, 777_777);
  await house.settle();

  raise(leader, room, 888_888);
  await house.settle();

  expect(heard).toHaveLength(2);
  expect(heard.map((message) => new TextDecoder().decode(message)).join("")).not.toMatch(/777777|888888/);
});

test("a log that has only hidden entries can't be told from one that nobody has written to", async () => {
  const sealed = hostRoom(
    defineRoom("sealed/{id}", {
      log: "durable",
      entry: type<{ price: number }>(),
      state: type<{ price: number }>(),
      calls: { bid: { input: type<{ price: number }>(), refusals: { TOO_LOW: type<undefined>() } } },
    })
      .fold({ price: 0 }, (_state, { price }) => ({ price }))
      .withSecret({ entry: type<{ price: number }>(), state: type<{ price: number }>() })
      .fold(
        { price: 0 },
        (_state, entry) => entry,
        () => undefined,
      )
      .serve({
        authorize: () => true,
        input: { bid: { unchecked: true } },
        decide: { bid: (_state, entry) => (entry.price < 10 ? refuse("TOO_LOW") : accept(entry)) },
      }),
  );
  const process = await house.open({}, [sealed]);
  const told: unknown[] = [];
  for (const [name, prices] of Object.entries({ nothing: [], refused: [1], hidden: [50, 1] })) {
    for (const price of prices) await process.call(`sealed/${name}`, { name: "bid", input: { price }, callId: house.callId() });
    const spy = house.connect(process, "spy");
    const room = await house.join(spy, `sealed/${name}`);
    spy.ask({ kind: "call", id: 7, room, name: "bid", input: { price: 2 }, callId: house.callId(), isRepeat: false });
    await house.settle();
    told.push(spy.frames.map((frame) => JSON.stringify({ ...frame, room: 0 })));
  }

  expect(told[1]).toEqual(told[0]);
  expect(told[2]).toEqual(told[0]);
});
