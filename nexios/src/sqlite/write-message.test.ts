import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredEntry } from "../log/log.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import type { Run } from "./run.ts";
import type { BatchWrite, WriteRequest } from "./write.ts";
import { fromMessage, toMessage } from "./write-message.ts";
import { emptyRoom } from "../log/rows/room-row.ts";

const bytes = fc.uint8Array({ maxLength: 40 });
const check = fc.nat({ max: 0xffff_ffff });
const text = fc.option(fc.string({ unit: "grapheme", maxLength: 12 }), { nil: undefined });

/** Its public part has its own bytes, others, or there is none. */
const anyEntry: fc.Arbitrary<StoredEntry> = fc
  .record({
    offset: fc.nat(),
    check,
    at: fc.double({ noNaN: true }),
    author: text,
    callId: text,
    version: fc.nat(),
    bytes,
    erased: fc.boolean(),
    other: bytes,
    part: fc.nat({ max: 2 }),
    position: fc.nat(),
  })
  .map(({ other, part, position, ...entry }) => ({
    ...entry,
    public: part === 0 ? undefined : { position, check: entry.check, bytes: part === 1 ? entry.bytes : other },
  }));

const number = fc.oneof(fc.nat(), fc.maxSafeNat());
const optional = fc.option(number, { nil: undefined });
const anyRow: fc.Arbitrary<RoomRow> = fc.record(
  {
    id: number,
    name: fc.string(),
    head: fc.record(
      {
        epoch: fc.string(),
        offset: number,
        check: number,
        position: number,
        publicCheck: number,
        version: number,
        callsSince: fc.maxSafeInteger(),
        wakeAt: optional,
        firstOffset: number,
        firstPosition: number,
      },
      { noNullPrototype: true },
    ),
    trimmedCheck: number,
    trimmedPublicCheck: number,
    changedAt: number,
    entries: number,
    bytes: number,
    outcomes: fc.record({ count: number, bytes: number, checks: number }, { noNullPrototype: true }),
    checkpoint: optional,
    check: number,
  },
  { noNullPrototype: true },
);
const anyRun = fc.record(
  {
    firstOffset: number,
    lastOffset: number,
    beforeCheck: number,
    lastCheck: number,
    beforePosition: number,
    lastPosition: number,
    at: fc.maxSafeInteger(),
    bytes,
  },
  { noNullPrototype: true },
);

function toRequest(entries: readonly StoredEntry[], row = emptyRoom("lot/1", "epoch"), run?: Run): WriteRequest {
  const write: BatchWrite = { kind: "batch", row, isNew: true, entries, run, outcomes: [], erase: [3] };
  return { id: 7, write };
}

test("a batch comes out of another thread as it went in", () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 20 }), anyRow, fc.option(anyRun, { nil: undefined }), (entries, row, run) => {
      const request = toRequest(entries, row, run);

      const read = fromMessage(structuredClone(toMessage(request)));

      expect(read).toStrictEqual(request);
    }),
  );
});

test("however many entries there are, their bytes are handed over in one piece", () => {
  const entry: StoredEntry = {
    offset: 1,
    check: 2,
    at: 3,
    author: "ann",
    callId: "c",
    version: 1,
    bytes: Uint8Array.of(1, 2),
    public: undefined,
    erased: false,
  };

  const message = toMessage(toRequest([entry, { ...entry, offset: 2 }]));

  expect(message).toMatchObject({ entries: { content: Uint8Array.of(1, 2, 1, 2) } });
});

test("a write of another kind is handed over as it is", () => {
  const request: WriteRequest = { id: 1, write: { kind: "pack", room: "lot/1", through: 10, entries: 5 } };

  expect(fromMessage(structuredClone(toMessage(request)))).toStrictEqual(request);
});
