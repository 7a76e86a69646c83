import { expect, test } from "vitest";
import type { Settled } from "../client/settled.ts";
import { Findings } from "./findings.ts";
import { judgeCalls } from "./judge-calls.ts";
import type { Evidence } from "./judges.ts";
import type { CallRecord } from "./request-record.ts";

const position = { epoch: "e", count: 1, check: 1 };
const accepted: Settled = { kind: "accepted", position };
const refused: Settled = { kind: "refused", code: "TWICE" };
const unknown: Settled = { kind: "failed", code: "UNKNOWN_OUTCOME", message: "" };
const forbidden: Settled = { kind: "failed", code: "FORBIDDEN", message: "" };

interface Made {
  readonly callId?: string;
  readonly settled?: Settled | undefined;
  readonly connections?: number;
}

/** What is found wrong when devices of one user have made these calls in a durable room, one list for each, whose log has the entries of some in that order. */
function judge(devices: readonly (readonly Made[])[], log: readonly string[], shared: readonly string[] = []): readonly string[] {
  const findings = new Findings(() => 0);
  const committed = log.map((callId, index) => ({ offset: index + 1, author: "ann", callId }));
  // What the judge looks at.
  const evidence = {
    cluster: { findings, diskOf: () => ({ committed: () => committed }), disks: { volatile: { lostTails: 0 } } },
    devices: devices.map((calls, number) => ({
      name: `ann#${number}`,
      user: { id: "ann" },
      rooms: new Map([["sum/1", { name: "sum/1", contract: { log: "durable" }, calls: new Map(calls.map((made) => [made.callId ?? "a", toRecord(made)])) }]]),
    })),
    pasts: new Map(),
    kinds: new Map([["sum/1", {}]]),
    sharedCalls: new Set(shared),
    journal: { faults: {} },
  } as unknown as Evidence;
  judgeCalls(evidence);
  return findings.violations.map(({ rule, what }) => `${rule}: ${what}`);
}

function toRecord({ callId = "a", settled, connections = 1 }: Made): CallRecord {
  return { name: "add", callId, replies: [], connections, settled };
}

const tookEffect = "calls: ann#0 in sum/1: add a was told refused TWICE and took effect";

test("a call that was refused is not in the log", () => {
  const [without, within] = [judge([[{ settled: refused }]], []), judge([[{ settled: refused }]], ["a"])];

  expect([without, within]).toEqual([[], [tookEffect]]);
});

test.for([
  ["was told that it took effect", { settled: accepted }, []],
  ["was told nothing", { settled: undefined }, []],
  ["was told that nobody knows", { settled: unknown }, []],
  ["was refused too", { settled: refused }, [tookEffect, tookEffect.replace("#0", "#1")]],
  ["may not be there", { settled: forbidden }, [tookEffect, "calls: ann#1 in sum/1: add a was told failed FORBIDDEN and took effect"]],
  ["has not sent it", { settled: undefined, connections: 0 }, [tookEffect]],
] as const)("a call that two devices make takes effect though the one is refused, if the other may have made it: it %s", ([, other, found]) => {
  const devices = [[{ settled: refused }], [other]];

  expect(judge(devices, ["a"], ["a"])).toEqual(found);
});

test("a call that was given up may have taken effect, unless it was never sent", () => {
  const settled: Settled = { kind: "failed", code: "CANCELLED", message: "" };

  const [sent, never] = [judge([[{ settled }]], ["a"]), judge([[{ settled, connections: 0 }]], ["a"])];

  expect([sent, never]).toEqual([[], ["calls: ann#0 in sum/1: add a was told failed CANCELLED and took effect"]]);
});

test("a call that two devices made and that was acknowledged is in the log", () => {
  const devices = [[{ settled: accepted }], [{ settled: refused }]];

  expect(judge(devices, [], ["a"])).toEqual(["durability: ann#0 in sum/1: add a was acknowledged and is not in the log"]);
});

test("what a device has sent over one connection takes effect in that order, and what it has sent again over another may come later", () => {
  const calls = [
    { callId: "a", settled: accepted },
    { callId: "b", settled: accepted },
  ];
  const again = [{ callId: "a", settled: accepted, connections: 2 }, ...calls.slice(1)];

  expect([judge([calls], ["a", "b"]), judge([calls], ["b", "a"]), judge([again], ["b", "a"])]).toEqual([
    [],
    ["calls: ann#0 in sum/1: add b took effect before an earlier call"],
    [],
  ]);
});
