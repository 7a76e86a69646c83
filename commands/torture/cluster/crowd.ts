// The members of a run over several processes: they write, read and look at who is here until they are told to finish, or their parent is gone. Usage: crowd.ts FOLDER MEMBERS URL...
import { jsonWire } from "../../../nexios/src/client/json-wire.ts";
import { binaryWire } from "nexios/client/binary";
import { between, pick } from "../chance.ts";
import { keepWriting, settle, until } from "../crowd-work.ts";
import { endWithParent } from "../end-with-parent.ts";
import { KeptInMemory } from "../kept-in-memory.ts";
import type { Member } from "../member.ts";
import { RawWriter } from "../raw-writer.ts";
import { ShippedWriter } from "../shipped-writer.ts";
import { passingName, roomNames } from "../torture-room.ts";
import type { Writer } from "../writer.ts";
import { type PresenceFound, PresenceWatch } from "./presence-watch.ts";
import { RawReader } from "./raw-reader.ts";
import { ShippedReader } from "./shipped-reader.ts";
import { Watcher } from "./watcher.ts";

/** What the crowd is told, as JSON. */
export type ToCrowd =
  | { readonly kind: "serving"; readonly process: number; readonly port: number }
  | { readonly kind: "killed"; readonly process: number; readonly at: number }
  | { readonly kind: "troubled"; readonly isAway: boolean }
  | { readonly kind: "finish" };

/** What it tells: that all have come, and then that it has finished. */
export type FromCrowd = { readonly kind: "here" } | CrowdFinished;

interface CrowdFinished {
  readonly kind: "finished";
  /** Calls that were sent more than once by those who speak the protocol themselves. */
  readonly twice: number;
  readonly presence: PresenceFound;
}

const [folder = "", memberCount = "", ...urls] = process.argv.slice(2);
const writerCount = 4;
const allRooms = [...roomNames, passingName];
/** The part of the readers that use the client as it is shipped. */
const shippedPart = 0.25;
const reloadChance = 0.02;
/** Who is cut off mostly comes back at once, and sometimes later than a killed process takes to be noticed. */
const [shortAwayMs, longAwayMs, longAwayChance] = [400, [7_000, 11_000], 0.15] as const;
/** Longer than any call is waited for. */
const patienceMs = 60_000;
/** In the end, until the last who came is in all lists. */
const settleMs = 3_000;

endWithParent();
const watchers = urls.map(() => new Watcher());
const watch = new PresenceWatch(watchers);
const readerCount = Number(memberCount) - writerCount;
const shippedCount = Math.floor(readerCount * shippedPart);
const shippedReaders = Array.from({ length: shippedCount }, (_, at) => {
  const name = `shipped-reader-${at + 1}`;
  watch.book.mayBe(name);
  return new ShippedReader({ name, urls, folder, wire: at % 2 === 0 ? jsonWire : binaryWire });
});
const readers: readonly Member[] = [...shippedReaders, ...Array.from({ length: readerCount - shippedCount }, (_, at) => makeRawReader(`raw-reader-${at + 1}`))];
const writers: readonly Writer[] = [
  ...["raw-1", "raw-2"].map((name) => new RawWriter({ name, url: () => pick(urls), folder, rooms: allRooms })),
  new ShippedWriter({ name: "shipped-1", url: urls, folder, wire: jsonWire, storage: undefined, reloadChance: 0 }),
  new ShippedWriter({ name: "shipped-2", url: urls, folder, wire: binaryWire, storage: new KeptInMemory(), reloadChance }),
];
const members: readonly Member[] = [...readers, ...writers];
const crowd = { members, writers, patienceMs };
let stopWriting = (): void => undefined;
let isStaying = false;

process.on("message", (text: string) => {
  const message = JSON.parse(text) as ToCrowd;
  if (message.kind === "serving") watchers[message.process]?.aim(message.port);
  else if (message.kind === "killed") watch.killed(message.process, message.at);
  else if (message.kind === "troubled") watch.troubled(message.isAway);
  else void finish().then((finished) => process.send?.(finished, () => process.exit(0)));
});
await until(crowd, () => members.every(({ isHere }) => isHere));
tell({ kind: "here" });
stopWriting = keepWriting(writers);

function makeRawReader(name: string): RawReader {
  return new RawReader({
    name,
    folder,
    rooms: allRooms,
    url: () => pick(urls),
    awayMs: () => (!isStaying && Math.random() < longAwayChance ? between(...longAwayMs) : between(0, shortAwayMs)),
    showing: {
      onTry: (number, url) => watch.book.tries(name, { number, process: urls.indexOf(url) }, Date.now()),
      onShown: () => watch.book.came(name, Date.now()),
      onEnd: (how) => watch.book.ended(name, Date.now(), how),
    },
  });
}

/** Waits until all is settled, everybody has seen the last entry of each room, and is listed everywhere. */
async function finish(): Promise<CrowdFinished> {
  stopWriting();
  isStaying = true;
  await settle(crowd, allRooms);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  watch.look("in the end");
  watch.require(shippedReaders.map(({ name }) => name));
  watch.close();
  await Promise.all(members.map((member) => member.end()));
  return { kind: "finished", twice: writers.reduce((sum, { twice }) => sum + twice, 0), presence: watch.found };
}

function tell(message: FromCrowd): void {
  process.send?.(message);
}
