import { Bench, type FrameOf, type Line, welcome } from "./bench.fixture.ts";
import type { CallStorage, KeptCall } from "./call-storage.ts";
import type { ClientOptions } from "./client.ts";
import type { ClientRoom } from "./client-room.ts";
import type { PendingCall, Settled } from "./settled.ts";
import { positionAfter, sum } from "./sum.fixture.ts";

/** A disk, as long as the test. */
export class Disk implements CallStorage {
  readonly calls = new Map<string, KeptCall>();

  load(name: string): Promise<readonly KeptCall[]> {
    return Promise.resolve([...this.calls.values()].filter(({ room }) => room === name));
  }

  keep(kept: KeptCall): void {
    this.calls.set(kept.callId, kept);
  }

  forget(callId: string): void {
    this.calls.delete(callId);
  }
}

export interface Page {
  readonly bench: Bench;
  readonly joined: ClientRoom<typeof sum>;
  readonly settled: (readonly [PendingCall, Settled])[];
}

/** A page of the user's, with a disk; its server accepts calls if it is told to. */
export function open(
  storage: CallStorage,
  { userId = "ann", accepts = false, ...options }: ClientOptions & { readonly userId?: string; readonly accepts?: boolean } = {},
): Page {
  const bench = new Bench({ storage, ...options });
  bench.answers.hello = (_frame, line) => line.say({ ...welcome, userId });
  if (accepts) bench.answers.call = accept;
  const joined = bench.client.join(sum, { id: "1" });
  const settled: Page["settled"] = [];
  joined.onSettled((...each) => settled.push(each));
  return { bench, joined, settled };
}

/** Accepts a call without an entry. */
export function accept({ id }: FrameOf<"call">, line: Line): void {
  line.say({ kind: "accepted", id, position: positionAfter(0), result: undefined });
}

/** Makes a call whose outcome nobody waits for. */
export function callOn(joined: ClientRoom<typeof sum>, by: number): void {
  joined.call("add", { by }).catch(() => {});
}

/** A page that has made calls, sent them, and was loaded anew. */
export async function reloaded(storage: CallStorage, ...inputs: readonly number[]): Promise<void> {
  const { bench, joined } = open(storage);
  await bench.run();
  for (const by of inputs) callOn(joined, by);
  await bench.run();
  await bench.client.close();
}
