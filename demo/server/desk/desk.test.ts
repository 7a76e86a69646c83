import { NexiosApp } from "nexios";
import { auction, ebaySteps, type Terms } from "nexios/auction";
import { addAuctions } from "nexios/auction/server";
import { documentRoom } from "nexios/collab";
import type { Documents, EditableText } from "nexios/collab/server";
import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, deskName, type DeskText } from "../../rooms/desk.ts";
import { addDesk, DeskKeeper } from "./desk.ts";

const ann = { user: { id: "ann", name: "Ann" } };
const bob = { user: { id: "bob", name: "Bob" } };
let folder: string;
let clock: ManualClock;
let app: NexiosApp;
let documents: Documents;
let keeper: DeskKeeper;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-desk-"));
  clock = new ManualClock();
  open();
  await app.listen({ port: 0 });
});

afterEach(async () => {
  await app.stop({ deadlineMs: 0 });
  rmSync(folder, { recursive: true, force: true });
});

function open(): void {
  app = new NexiosApp({ clock, rooms: { folder, synchronous: "normal" }, env: { NEXIOS_SECRET: "a secret of the test, long enough to be one" } });
  addAuctions(app, { sales: ["main"], isAuctioneer: () => false });
  ({ documents, keeper } = addDesk(app, { clock }));
}

async function list(lotId: string, number = 1, about = "Walnut."): Promise<void> {
  const terms: Terms = {
    kind: "live",
    title: `Lot ${number}`,
    about,
    currency: "EUR",
    opening: 100,
    opensAt: clock.now(),
    steps: ebaySteps,
    sale: { id: "main", number },
  };
  const outcome = await app.room(auction, { lotId }).call("list", { terms, secret: {} });
  expect(outcome.kind).toBe("accepted");
}

function read(): Promise<readonly DeskText[]> {
  return app.room(desk, { deskId: deskName }).state();
}

/** The list once it is so: time goes on until then. */
async function until(isSo: (texts: readonly DeskText[]) => boolean): Promise<readonly DeskText[]> {
  for (;;) {
    const texts = await read();
    if (isSo(texts)) return texts;
    await clock.advance(5_000);
    await keeper.look();
    await setImmediate();
  }
}

test("the foreword and each lot that is listed get a first text, by the robot", async () => {
  await list("house-1");

  const texts = await until((all) => all.length === 2);

  expect(await documents.text("house-1")).toBe("Walnut.");
  expect(texts.map(({ id, edited }) => [id, edited?.by])).toEqual([
    ["foreword", "Edith (robot)"],
    ["house-1", "Edith (robot)"],
  ]);
});

test("the list tells how long a text is and who has edited it last, and nothing while nobody edits", async () => {
  await list("house-1");
  await until((all) => all.length === 2);

  await documents.edit("house-1", (text) => text.insert(text.length, " Key present."), ann);
  const texts = await until((all) => all[1]?.edited?.by === "Ann");
  const told = await app.room(desk, { deskId: deskName }).entries(0, 100);
  await clock.advance(60_000);
  await keeper.look();

  expect(texts[1]).toMatchObject({ id: "house-1", characters: 20, edited: { by: "Ann" } });
  expect(await app.room(desk, { deskId: deskName }).entries(0, 100)).toEqual(told);
});

test("when a lot is over, whoever has opened its text only reads, and the list says so", async () => {
  await list("house-1");
  await until((all) => all.length === 2);
  await documents.edit("house-1", (text) => text.insert(0, "Old. "), ann);
  await app.room(auction, { lotId: "house-1" }).call("pass");

  const texts = await until((all) => all[1]?.isOpen === false);

  const { access } = await app.room(documentRoom, { id: "house-1" }).state();
  expect(texts.find(({ id }) => id === "house-1")).toMatchObject({ isOpen: false, edited: { by: "Ann" } });
  expect(access.get("ann")).toBe("read");
  expect(await documents.edit("house-1", (text) => text.insert(0, "New. "), bob)).toMatchObject({ kind: "refused", code: "READ_ONLY" });
});

test("who has opened a text only reads when its lot is over, also where nothing of his is left since the text was folded", async () => {
  await list("house-1");
  await until((all) => all.length === 2);
  const room = app.room(documentRoom, { id: "house-1" });
  await room.call("open", { isAlone: false }, bob);
  // Each of them is a piece of its own, which takes much more than its text does.
  const write = (text: EditableText): void => {
    for (let piece = 0; piece < 1_500; piece++) text.insert(0, "x");
  };
  await documents.edit("house-1", write, ann);
  await room.call("open", { isAlone: true }, ann);
  const folded = await room.state();

  await app.room(auction, { lotId: "house-1" }).call("pass");
  await until((all) => all[1]?.isOpen === false);

  const { access } = await room.state();
  expect([folded.foldedAt > 0, folded.writers.some(({ userId }) => userId === "bob")]).toEqual([true, false]);
  expect(access.get("bob")).toBe("read");
});

test("lines of a text that another kind of machine has sent are the desk's own", async () => {
  await list("house-1", 1, "Walnut.\r\nKey present.\rOld.");
  await until((all) => all.length === 2);

  expect(await documents.text("house-1")).toBe("Walnut.\nKey present.\nOld.");
});

test("nobody but the server tells the list", async () => {
  const text = { id: "x", number: 9, title: "X", isOpen: true, characters: 1, count: 1 };

  expect(await app.room(desk, { deskId: deskName }).call("tell", text, ann)).toMatchObject({ kind: "refused", code: "FORBIDDEN" });
});
