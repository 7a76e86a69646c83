// The clients of a run: they write and read until they are told to finish, or their parent is gone. Usage: crowd.ts URL FOLDER
import { jsonWire } from "../../nexios/src/client/json-wire.ts";
import { binaryWire } from "nexios/client/binary";
import { between } from "./chance.ts";
import { endWithParent } from "./end-with-parent.ts";
import { KeptInMemory } from "./kept-in-memory.ts";
import { RawWriter } from "./raw-writer.ts";
import { ShippedWriter } from "./shipped-writer.ts";
import { roomNames } from "./torture-room.ts";
import type { Writer } from "./writer.ts";

/** What the crowd tells its parent: once that all have come, and then that it has finished. */
export type CrowdMessage = { readonly kind: "here" } | Finished;

interface Finished {
  readonly kind: "finished";
  /** Calls that were sent more than once by those who speak the protocol themselves. */
  readonly twice: number;
}

const [url = "", folder = ""] = process.argv.slice(2);
const rawWriters = 4;
const shippedWriters = 8;
/** Of each second of them; each fourth keeps its calls over a reload. */
const reloadChance = 0.02;
const [leastGapMs, mostGapMs] = [10, 150];
/** Longer than any call is waited for. */
const patienceMs = 45_000;
const lookMs = 50;

endWithParent();
const writers: readonly Writer[] = [
  ...Array.from({ length: rawWriters }, (_, at) => new RawWriter({ name: `raw-${at + 1}`, url: () => url, folder, rooms: roomNames })),
  ...Array.from({ length: shippedWriters }, (_, at) => {
    const storage = at % 4 === 3 ? new KeptInMemory() : undefined;
    return new ShippedWriter({
      name: `shipped-${at + 1}`,
      url,
      folder,
      wire: at < shippedWriters / 2 ? jsonWire : binaryWire,
      storage,
      reloadChance: at % 2 === 1 ? reloadChance : 0,
    });
  }),
];
let isWriting = true;
process.on("message", () => {
  isWriting = false;
  void finish().then((finished) => process.send?.(finished, () => process.exit(0)));
});
await until(() => writers.every(({ isHere }) => isHere));
const here: CrowdMessage = { kind: "here" };
process.send?.(here);
for (const writer of writers) goOn(writer);

function goOn(writer: Writer): void {
  setTimeout(
    () => {
      if (!isWriting) return;
      writer.write();
      goOn(writer);
    },
    between(leastGapMs, mostGapMs),
  );
}

/** Waits until all is settled and everybody has seen the last entry of each room. */
async function finish(): Promise<Finished> {
  const [first] = writers;
  await until(() => writers.every(({ openCalls }) => openCalls === 0));
  const ends = roomNames.map((room) => ({ room, mark: `end of ${room}` }));
  for (const { room, mark } of ends) first?.append(room, { mark, when: "always" });
  const isLate = (writer: Writer): boolean => writer.openCalls > 0 || !ends.every(({ room, mark }) => writer.isCaughtUp(room, mark));
  await until(() => !writers.some(isLate));
  await Promise.all(writers.map((writer) => writer.end()));
  return { kind: "finished", twice: writers.reduce((sum, { twice }) => sum + twice, 0) };
}

async function until(isReached: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!isReached() && performance.now() < deadline) {
    for (const writer of writers) writer.nudge();
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
