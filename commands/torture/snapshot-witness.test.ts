import type { ReceivedFrame, Wire } from "nexios/client";
import { beforeEach, expect, test } from "vitest";
import { SnapshotWitness } from "./snapshot-witness.ts";
import type { Tally } from "./torture-room.ts";

const state: Tally = { entries: 4, digest: 7, last: "m4" };
const hello = { kind: "hello", token: undefined, client: undefined, inflates: false } as const;

let witness: SnapshotWitness;
let wire: Wire;
let incoming: readonly ReceivedFrame[];

beforeEach(() => {
  witness = new SnapshotWitness();
  wire = witness.watch({ subprotocol: "plain", encode: () => "encoded", join: () => "joined", decode: () => incoming });
});

function join(id: number, name: string, room: number): void {
  wire.encode({ kind: "join", id, room: name, version: 1, since: undefined, presence: undefined });
  come({ kind: "joined", id, room, position: { epoch: "e", count: 4, check: 1 }, why: "new" });
}

function snapshot(room: number, count: number, content: { value: unknown } | { bytes: Uint8Array } = { value: state }): ReceivedFrame {
  const position = { epoch: "e", count, check: 1 };
  return { kind: "snapshot", room, position, why: "new", version: 1, part: 0, parts: 1, ...content };
}

function come(...frames: readonly ReceivedFrame[]): readonly ReceivedFrame[] {
  incoming = frames;
  return wire.decode("");
}

test("what passes is as it was", () => {
  const frames = [snapshot(1, 4)];

  expect([wire.subprotocol, wire.encode(hello), wire.join([]), come(...frames)]).toEqual(["plain", "encoded", "joined", frames]);
});

test("a snapshot is found by its room and place", () => {
  join(1, "torture/1", 10);
  join(2, "torture/2", 20);
  come(snapshot(20, 4), snapshot(10, 3, { bytes: new TextEncoder().encode(JSON.stringify(state)) }));

  expect(witness.find("torture/2", 4)).toEqual({ count: 4, why: "new", state });
  expect(witness.find("torture/1", 3)).toEqual({ count: 3, why: "new", state });
  expect([witness.find("torture/1", 4), witness.find("torture/3", 4)]).toEqual([undefined, undefined]);
});

test("the numbers of a connection are not those of the one before", () => {
  join(1, "torture/1", 10);
  wire.encode(hello);
  come({ kind: "joined", id: 1, room: 11, position: { epoch: "e", count: 4, check: 1 }, why: "new" }, snapshot(11, 4));

  expect(witness.find("torture/1", 4)).toBeUndefined();
});
