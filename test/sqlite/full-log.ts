import type { Batch, Head, Log, NewEntry, Outcome, Place } from "../../nexios/src/log/log.ts";

const rooms = ["room/1", "room/2"] as const;
const keys = ["k1", "k2", "k3", "k4", "k5", "unknown"];
const places = [0, 2, 4, 6, 8, 10];

/** The time by which all is kept that is remembered for a while. */
export const now = 1_893_456_000_000;

/** Writes some of everything that a log keeps: what is hidden, erased, trimmed, packed, remembered and planned. Tells after each commit. */
export async function fill(log: Log, onCommit: () => Promise<void>): Promise<void> {
  const write = async (room: string, batch: Partial<Batch>): Promise<Head> => {
    const { head } = await log.append({ room, from: await log.head(room), keys: [] }, ({ head: { version, wakeAt, callsSince } }) => ({
      entries: [],
      outcomes: [],
      erase: [],
      version,
      wakeAt,
      callsSince,
      ...batch,
    }));
    await onCommit();
    return head;
  };
  for (const [index, room] of rooms.entries()) {
    const entry = (text: string, shown?: string): NewEntry => entryOf(room, text, shown);
    const outcome = (key: string, keepMs?: number): Outcome => outcomeOf(room, key, keepMs);
    await write(room, { entries: [entry("1", "1"), entry("hidden 2"), entry("3", "three")], outcomes: [outcome("k1"), outcome("k2", 60_000)], version: 2 });
    await write(room, { entries: [entry("4", "4"), entry("to be erased", "too"), entry("hidden 6")], outcomes: [outcome("k3")], wakeAt: now + 5_000 });
    await write(room, { erase: [5], callsSince: now - 1_000 });
    const { epoch, offset, check, position, publicCheck, version } = await write(room, {
      entries: [entry("7", "seven"), entry("hidden 8")],
      outcomes: [outcome("k4", 60_000)],
    });
    const bytes = toBytes(`states of ${room} at 8`);
    await log.putCheckpoint(room, { epoch, offset, check, position, publicCheck, version, bytes }, { offset: 6, position: 1 });
    await onCommit();
    await log.pack(room, 8, 2);
    await onCommit();
    await write(room, { entries: [entry("9", "9"), entry("10", "ten")], outcomes: [outcome("k5")], erase: [8], wakeAt: now + 9_000 - index });
  }
}

/** What a log answers to everything that it may be asked, by question: an answer, or a code. */
export type Answers = Readonly<Record<string, string>>;

/** Asks everything. `known` are places that callers stand at. */
export async function ask(log: Log, known: ReadonlyMap<string, readonly Place[]>): Promise<Answers> {
  const answers: Record<string, string> = {};
  const note = async (question: string, run: () => Promise<unknown>): Promise<void> => {
    answers[question] = await run().then(toText, codeOf);
  };
  for (const room of rooms) {
    await note(`${room} head`, () => log.head(room));
    await note(`${room} checkpoint`, () => log.checkpoint(room));
    for (const after of places) {
      await note(`${room} read ${after}`, () => log.read(room, after, 3));
      await note(`${room} public ${after}`, () => log.readPublic(room, after, 2));
      await note(`${room} before ${after}`, () => log.readPublicBefore(room, after, 2));
    }
    for (const place of [undefined, ...(known.get(room) ?? [])]) {
      await note(`${room} from ${place?.offset}`, async () => {
        let tail: unknown;
        const { kind } = await log.append({ room, from: place, keys }, ({ head, entries }, outcomes) => {
          tail = [head, entries, [...outcomes].toSorted(([one], [other]) => (one < other ? -1 : 1))];
          return undefined;
        });
        return [kind, tail];
      });
    }
  }
  await note("changed", () => log.changedSince(0));
  await note("heads", () => log.heads(rooms));
  await note("due", () => log.due(now + 9_000, 10));
  return answers;
}

/**
 * Of what was answered, what is neither what should have been nor a loud stop. Who looks for rooms may be told nothing of one whose own head says that it is
 * damaged.
 */
export function wrongAnswers(answers: Answers, right: Answers): readonly string[] {
  const damaged = new Set(rooms.filter((room) => isLoud(answers[`${room} head`])));
  return Object.entries(right).flatMap(([question, expected]) => {
    const answer = answers[question];
    if (answer === expected || isLoud(answer)) return [];
    const isLook = question === "changed" || question === "heads" || question === "due";
    const rest = isLook ? toText((JSON.parse(expected) as { room: (typeof rooms)[number] }[]).filter(({ room }) => !damaged.has(room))) : undefined;
    return answer === rest ? [] : [`${question}: ${answer}`];
  });
}

/** Whether it says that something is wrong with the store. */
export function isLoud(answer: string | undefined): boolean {
  return answer === "DAMAGED" || answer === "UNAVAILABLE";
}

export function codeOf(error: unknown): string {
  return error instanceof Error && error.name === "NexiosError" && "code" in error ? String(error.code) : `not ours: ${String(error)}`;
}

function entryOf(room: string, text: string, shown?: string): NewEntry {
  const publicBytes = shown === undefined ? undefined : toBytes(shown);
  return { at: now, author: `author of ${text} in ${room}`, callId: `call ${text}`, version: 2, bytes: toBytes(text), publicBytes };
}

function outcomeOf(room: string, key: string, keepMs?: number): Outcome {
  const keepUntil = keepMs === undefined ? undefined : now + keepMs;
  return { key, inputHash: `hash of ${key}`, at: now, bytes: toBytes(`reply to ${key} in ${room}`), keepUntil };
}

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** One text for what is equal, in whatever order its properties stand. */
function toText(value: unknown): string {
  return (
    JSON.stringify(value, (_name, each: unknown) => {
      if (each instanceof Uint8Array) return new TextDecoder("latin1").decode(each);
      if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
      return Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)));
    }) ?? "undefined"
  );
}
