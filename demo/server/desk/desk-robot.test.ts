import { NexiosApp } from "nexios";
import { auction, ebaySteps } from "nexios/auction";
import { addAuctions } from "nexios/auction/server";
import { type Client, createClient } from "nexios/client";
import { documentRoom } from "nexios/collab";
import { DocumentSession } from "nexios/collab/client";
import type { Documents, EditableText } from "nexios/collab/server";
import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addDesk } from "./desk.ts";
import { deskRobot } from "./desk-access.ts";
import { connectWithin } from "./own-connection.ts";
import { freshMs, nearCharacters } from "./robot-visit.ts";

// The robot at a real desk, over its own connection, under a clock that is moved by hand.

/** Knows how many timers wait. */
class CountingClock extends ManualClock {
  readonly waiting = new Set<() => void>();

  override after(delayMs: number, fire: () => void): () => void {
    const fired = (): void => {
      this.waiting.delete(fired);
      fire();
    };
    this.waiting.add(fired);
    const cancel = super.after(delayMs, fired);
    return () => {
      this.waiting.delete(fired);
      cancel();
    };
  }
}

const first = "Walnut, brass corners. Key present.";
const ann = { user: { id: "ann", name: "Ann" } };
const minuteMs = 60_000;
let folder: string;
let clock: CountingClock;
let app: NexiosApp;
let documents: Documents;
let robots: { isPaused: boolean };
let clients: Client[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-desk-robot-"));
  clock = new CountingClock();
  robots = { isPaused: false };
  app = new NexiosApp({ clock, rooms: { folder, synchronous: "normal" }, env: { NEXIOS_SECRET: "a secret of the test, long enough to be one" } });
  addAuctions(app, { sales: ["main"], isAuctioneer: () => false });
  ({ documents } = addDesk(app, { clock, robots }));
  await app.start();
});

afterEach(async () => {
  for (const client of clients) await client.close();
  clients = [];
  await app.stop({ deadlineMs: 0 });
  rmSync(folder, { recursive: true, force: true });
});

async function list(lotId: string): Promise<void> {
  const terms = {
    kind: "live",
    title: "Writing slope",
    about: first,
    currency: "EUR",
    opening: 100,
    opensAt: clock.now(),
    steps: ebaySteps,
    sale: { id: "main", number: 1 },
  } as const;
  expect(await app.room(auction, { lotId }).call("list", { terms, secret: {} })).toMatchObject({ kind: "accepted" });
  await until(async () => (await documents.text(lotId)) === first);
}

/** Time goes on until it is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await clock.advance(250);
}

/** Time goes on for so long. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) await clock.advance(250);
}

/** What the robot has changed in a document. */
async function editsIn(id: string): Promise<number> {
  const entries = await app.room(documentRoom, { id }).entries(0, 10_000);
  return entries.filter(({ value, author }) => value.kind === "edited" && author === deskRobot.id).length;
}

/** Ann makes the text another one: all of it is near to what she has written. */
async function rewrite(wanted: string): Promise<void> {
  expect(wanted.length).toBeLessThan(nearCharacters);
  const write = (text: EditableText): void => {
    text.delete(0, text.length);
    text.insert(0, wanted);
  };
  await documents.edit("house-1", write, ann);
}

async function openAs(name: string, id: string): Promise<DocumentSession> {
  const client = createClient({
    url: "http://localhost/realtime",
    token: () => app.tokens.issue({ sub: name, name }, { expiresInSeconds: 100_000 }),
    world: { clock, connect: connectWithin(app, "/realtime") },
  });
  clients.push(client);
  const session = new DocumentSession(client, id, { clock });
  await until(() => session.canWrite);
  return session;
}

test("the robot writes in a lot of the house, a word at a time, where a person sees its caret", async () => {
  await list("house-1");
  const session = await openAs("ann", "house-1");

  await until(() => session.cursors.people.some(({ userId, cursor }) => userId === deskRobot.id && cursor !== undefined));
  await until(async () => (await editsIn("house-1")) >= 3);

  expect(session.cursors.people.map(({ name }) => name)).toEqual(["Edith (robot)"]);
  await until(() => session.text.length > first.length);
});

test("the robot writes where nobody is too, but not in the foreword, which is there for ever", async () => {
  await list("house-1");

  await until(async () => (await editsIn("house-1")) >= 20);

  expect(await editsIn("foreword")).toBe(0);
});

test("where somebody is in the foreword the robot comes there, and leaves its first words as they were", async () => {
  await openAs("ann", "foreword");

  await until(async () => (await editsIn("foreword")) >= 3);

  expect(await documents.text("foreword")).toContain("Whoever knows more is welcome to write it down.");
});

test("the robot writes neither in a visitor's lot nor in one that is over", async () => {
  await list("ann.1");
  await list("house-1");
  await until(async () => (await editsIn("house-1")) > 0);
  await app.room(auction, { lotId: "house-1" }).call("pass");
  // Until the desk has heard of it.
  await until(async () => (await documents.edit("house-1", (text) => text.insert(0, "x"), ann)).kind === "refused");
  const before = await editsIn("house-1");

  await pass(5 * minuteMs);

  expect([await editsIn("house-1"), await editsIn("ann.1")]).toEqual([before, 0]);
});

test("near a caret the robot changes nothing, and goes on when it is gone", async () => {
  await list("house-1");
  const session = await openAs("ann", "house-1");
  await rewrite("One. Two.");
  await until(() => session.text === "One. Two.");
  session.cursors.show(4);

  await pass(freshMs + 5 * minuteMs);
  const near = await documents.text("house-1");
  session.cursors.hide();

  expect(near).toBe("One. Two.");
  await until(async () => (await documents.text("house-1")) !== near);
});

test("where a caret stays in the robot's way, it goes on elsewhere in the end", async () => {
  await list("house-1");
  const session = await openAs("ann", "house-1");
  const robot = () => session.cursors.people.find(({ userId, cursor }) => userId === deskRobot.id && cursor !== undefined);
  await until(() => robot() !== undefined && session.text !== first && !session.text.endsWith("."));

  session.cursors.show(robot()?.cursor?.head ?? 0);
  await list("house-2");
  await until(async () => (await editsIn("house-2")) > 0);

  expect(session.cursors.people).toEqual([]);
});

test("where somebody has just written the robot changes nothing, and does so when that is a while ago", async () => {
  await list("house-1");
  await openAs("ann", "house-1");

  const found: string[] = [];
  for (const written of ["One. Two.", "Six. Ten.", "One. Two.", "Six. Ten.", "One. Two."]) {
    await rewrite(written);
    await pass(freshMs - 5_000);
    found.push(await documents.text("house-1"));
  }

  expect(found).toEqual(["One. Two.", "Six. Ten.", "One. Two.", "Six. Ten.", "One. Two."]);
  await until(async () => (await documents.text("house-1")) !== "One. Two.");
});

test("the robot rests while the robots are paused, and goes on where it was", async () => {
  await list("house-1");
  await until(async () => (await editsIn("house-1")) > 0);

  robots.isPaused = true;
  await pass(1_000);
  const before = await editsIn("house-1");
  await pass(5 * minuteMs);
  const paused = await editsIn("house-1");
  robots.isPaused = false;

  expect(paused).toBe(before);
  await until(async () => (await editsIn("house-1")) > before);
});

test("when the app stops, the robot is gone: a second later no timer waits", async () => {
  await list("house-1");
  await until(async () => (await editsIn("house-1")) > 0);

  await app.stop();
  // A client's pause between two carets ends by itself.
  await clock.advance(1_000);

  expect(clock.waiting.size).toBe(0);
});
