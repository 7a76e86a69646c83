// The clients of a run: they write and read until they are told to finish, or their parent is gone. Usage: crowd.ts URL FOLDER
import { jsonWire } from "../../nexios/src/client/json-wire.ts";
import { binaryWire } from "nexios/client/binary";
import { keepWriting, settle, until } from "./crowd-work.ts";
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
/** Longer than any call is waited for. */
const patienceMs = 45_000;

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
const crowd = { members: writers, writers, patienceMs };
let stopWriting = (): void => undefined;
process.on("message", () => {
  stopWriting();
  void finish().then((finished) => process.send?.(finished, () => process.exit(0)));
});
await until(crowd, () => writers.every(({ isHere }) => isHere));
const here: CrowdMessage = { kind: "here" };
process.send?.(here);
stopWriting = keepWriting(writers);

async function finish(): Promise<Finished> {
  await settle(crowd, roomNames);
  await Promise.all(writers.map((writer) => writer.end()));
  return { kind: "finished", twice: writers.reduce((sum, { twice }) => sum + twice, 0) };
}
