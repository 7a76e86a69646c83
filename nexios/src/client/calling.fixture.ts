import { Bench, type FrameOf, type Line } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import type { Settled } from "./settled.ts";
import { positionAfter, sum } from "./sum.fixture.ts";

/** A client in its room, which makes calls. */
export interface Calling {
  readonly bench: Bench;
  readonly joined: ClientRoom<typeof sum>;
  readonly outcomes: Settled[];
}

/** A client in its room; `answer` answers its calls. */
export async function openCalling(answer: (frame: FrameOf<"call">, line: Line) => void = () => {}): Promise<Calling> {
  const bench = new Bench();
  bench.answers.call = answer;
  const joined = bench.client.join(sum, { id: "1" });
  const outcomes: Settled[] = [];
  joined.onSettled((_call, settled) => outcomes.push(settled));
  await bench.run();
  return { bench, joined, outcomes };
}

/** Accepts a call, with 4 as its result, at a count. */
export function accept({ id }: FrameOf<"call">, line: Line, count = 0): void {
  line.say({ kind: "accepted", id, position: positionAfter(count), result: new TextEncoder().encode("4") });
}
