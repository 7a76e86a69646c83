import { between } from "./chance.ts";
import type { Member } from "./member.ts";
import type { Writer } from "./writer.ts";

/** Between two calls of a writer. */
const gapMs = [10, 150] as const;
const lookMs = 50;

/** Members of one crowd, and how long they are waited for in the end. */
export interface Crowd {
  /** Writers among them. */
  readonly members: readonly Member[];
  readonly writers: readonly Writer[];
  readonly patienceMs: number;
}

/** Has each writer write now and then; gives what ends that. */
export function keepWriting(writers: readonly Writer[]): () => void {
  let isWriting = true;
  function goOn(writer: Writer): void {
    setTimeout(
      () => {
        if (!isWriting) return;
        writer.write();
        goOn(writer);
      },
      between(...gapMs),
    );
  }
  for (const writer of writers) goOn(writer);
  return () => (isWriting = false);
}

/** Waits until something is so, or for as long as is patient, and has everybody try at once what waits to be tried again. */
export async function until({ members, patienceMs }: Pick<Crowd, "members" | "patienceMs">, isReached: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!isReached() && performance.now() < deadline) {
    for (const member of members) member.nudge();
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** Waits until all calls are settled, writes a last entry to each room, and waits until everybody has seen those of his rooms. */
export async function settle(crowd: Crowd, rooms: readonly string[]): Promise<void> {
  const { members, writers } = crowd;
  const [first] = writers;
  const isSettled = (): boolean => writers.every(({ openCalls }) => openCalls === 0);
  const ends = rooms.map((room) => ({ room, mark: `end of ${room}` }));
  const hasSeenAll = (member: Member): boolean => ends.every(({ room, mark }) => !member.rooms.includes(room) || member.isCaughtUp(room, mark));
  await until(crowd, () => isSettled() && members.every(({ isHere }) => isHere));
  for (const { room, mark } of ends) first?.append(room, { mark, when: "always" });
  await until(crowd, () => isSettled() && members.every(hasSeenAll));
}
