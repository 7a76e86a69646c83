import { afterEach, expect, test } from "vitest";
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
