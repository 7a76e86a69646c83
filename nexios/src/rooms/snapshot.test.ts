import { expect, test } from "vitest";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { binaryEncoding } from "../protocol/binary-encoding.ts";
import type { Encoding } from "../protocol/frame.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import type { Line } from "./line.ts";
import { Member } from "./member.ts";
import { type Deflate, Snapshot } from "./snapshot.ts";

const position = { epoch: "e", count: 3, check: 4 };

function memberOf(encoding: Encoding, inflates: boolean): Member {
  const line: Line = { id: "l", user: { id: "u", name: "U" }, encoding, inflates, unsentBytes: 0, send: () => undefined, close: () => undefined };
  return new Member(line, 1, position, 0);
}

function snapshotOf(bytes: number, deflate: Deflate | undefined): Snapshot {
  const state = new TextEncoder().encode(`"${"x".repeat(bytes - 2)}"`);
  return new Snapshot(position, 1, { format: "json", bytes: state }, { partBytes: 65_536, deflate });
}

/** Whether a member gets it deflated. */
async function isDeflated(snapshot: Snapshot, member: Member): Promise<boolean> {
  const plain = await snapshot.formFor(memberOf(member.line.encoding, false), "new");
  return (await snapshot.formFor(member, "new")) !== plain;
}

test.each([
  { state: 1_023, deflated: 10, binary: false, json: false },
  { state: 1_024, deflated: 10, binary: true, json: true },
  // In JSON a third is lost to base64.
  { state: 20_000, deflated: 15_500, binary: true, json: false },
  { state: 20_000, deflated: 11_500, binary: true, json: true },
  { state: 20_000, deflated: 16_500, binary: false, json: false },
])("a state is deflated where that makes it smaller on the wire, for who can inflate it: %o", async ({ state, deflated, ...expected }) => {
  const snapshot = snapshotOf(state, () => Promise.resolve(new Uint8Array(deflated)));

  const found = { binary: await isDeflated(snapshot, memberOf(binaryEncoding, true)), json: await isDeflated(snapshot, memberOf(jsonEncoding, true)) };

  expect(found).toEqual(expected);
  expect(await isDeflated(snapshot, memberOf(binaryEncoding, false))).toBe(false);
});

test("it is deflated once for all, and not at all where nobody can inflate it", async () => {
  let made = 0;
  const snapshot = snapshotOf(5_000, () => Promise.resolve(new Uint8Array(++made)));

  await snapshot.formFor(memberOf(jsonEncoding, false), "new");
  const before = made;
  await Promise.all([jsonEncoding, binaryEncoding].map((encoding) => snapshot.formFor(memberOf(encoding, true), "new")));

  expect([before, made]).toEqual([0, 1]);
});

test("where it can't be deflated it comes as it is, and that is reported once", async () => {
  using reports = collectReports();
  const snapshot = snapshotOf(5_000, () => Promise.reject(new Error("no memory")));

  const found = [await isDeflated(snapshot, memberOf(jsonEncoding, true)), await isDeflated(snapshot, memberOf(binaryEncoding, true))];

  expect([found, reports.of("error").length]).toEqual([[false, false], 1]);
});
