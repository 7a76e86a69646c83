import { expect, test } from "vitest";
import { positionAfter, sum } from "../client/sum.fixture.ts";
import { encodeJson } from "../contract/json.ts";
import { Disk } from "./disk.ts";
import { drive } from "./drive.fixture.ts";
import { createRandom } from "./random.ts";
import { RoomPast } from "./room-past.ts";
import { Scheduler } from "./scheduler.ts";

interface Bench {
  readonly disk: Disk;
  append(...numbers: readonly number[]): Promise<void>;
  past(): RoomPast;
}

function open(): Bench {
  const scheduler = new Scheduler();
  const disk = new Disk({ scheduler, random: createRandom(1), durable: false, now: () => scheduler.now });
  const log = disk.open();
  return {
    disk,
    async append(...numbers) {
      const entries = numbers.map((by) => {
        const bytes = encodeJson({ by });
        return { at: 5, author: "ann", callId: undefined, version: 1, bytes, publicBytes: bytes };
      });
      const batch = { entries, outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: 0 };
      await drive(
        scheduler,
        log.append({ room: "sum/1", from: undefined, keys: [] }, () => batch),
      );
    },
    past: () => new RoomPast("sum/1", sum, disk),
  };
}

test("a room's past has the state behind each entry", async () => {
  const { append, past } = open();
  await append(1, 2);
  await append(3);

  const { head } = past();

  expect([past().valueAt(undefined), past().valueAt(head?.before), past().valueAt(head)]).toEqual([{ sum: 0 }, { sum: 3 }, { sum: 6 }]);
  expect(head?.position).toMatchObject({ count: 3, check: positionAfter(3).check });
});

test("entries that were lost are still known, with what came before them", async () => {
  const { disk, append, past } = open();
  await append(1);
  await append(2);
  const lost = past().head;

  disk.loseTail(1);
  await append(5);

  const after = past();
  const [found] = lost === undefined ? [] : after.find(lost.position);
  expect([after.valueAt(after.head), after.valueAt(found)]).toEqual([{ sum: 6 }, { sum: 3 }]);
});

test("the same content after a loss is known twice under one place, the newest first", async () => {
  const { disk, append, past } = open();
  await append(1);
  await append(2);
  disk.loseTail(1);
  await append(2);

  const { head, ...rest } = { head: past().head, past: past() };
  const found = head === undefined ? [] : rest.past.find(head.position);

  expect(found.length).toBe(2);
  expect(rest.past.findCount(2, head?.position.check ?? 0).length).toBe(2);
});

test("a place that never was is not found", async () => {
  const { append, past } = open();
  await append(1);

  expect([past().find({ epoch: "other", count: 1, check: positionAfter(1).check }), past().findCount(1, 2)]).toEqual([[], []]);
});
