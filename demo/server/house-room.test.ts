import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bounds, house, houseName } from "../rooms/house.ts";
import { houseRoom } from "./house-room.ts";

const ann = { user: { id: "ann", name: "Ann" } };
const bob = { user: { id: "bob", name: "Bob" } };
let folder: string;
let clock: ManualClock;
let app: NexiosApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-house-room-"));
  clock = new ManualClock();
  app = new NexiosApp({ clock, rooms: { folder, synchronous: "normal" }, env: { NEXIOS_SECRET: "a secret of the test, long enough to be one" } }).add(
    houseRoom,
  );
});

afterEach(async () => {
  await app.stop({ deadlineMs: 0 });
  rmSync(folder, { recursive: true, force: true });
});

const room = () => app.room(house, { house: houseName });

test("a line stands in the room with its time and the name of whoever has said it", async () => {
  const outcome = await room().call("say", { text: "  Good evening\u0007 \n" }, ann);

  expect(outcome).toMatchObject({ kind: "accepted", kept: "stored" });
  expect(await room().state()).toEqual({ count: 1, lines: [{ text: "Good evening", at: clock.now(), by: { id: "ann", name: "Ann" } }] });
});

test("nothing, and space alone, can't be said", async () => {
  const outcomes = [await room().call("say", { text: "" }, ann), await room().call("say", { text: " \n\t" }, ann)];

  for (const outcome of outcomes) expect(outcome).toEqual({ kind: "refused", code: "EMPTY", data: undefined });
});

test("a line has 500 characters at most, whatever they take, and the refusal says how many these were", async () => {
  const fits = await room().call("say", { text: "🦉".repeat(bounds.characters) }, ann);
  const long = await room().call("say", { text: "🦉".repeat(bounds.characters + 1) }, ann);

  expect(fits.kind).toBe("accepted");
  expect(long).toEqual({ kind: "refused", code: "TOO_LONG", data: { limit: 500, characters: 501 } });
});

test("who speaks too fast is told how long to wait, and the others go on", async () => {
  for (let said = 0; said < bounds.lines; said++) {
    expect((await room().call("say", { text: `line ${said}` }, ann)).kind).toBe("accepted");
    await clock.advance(100);
  }

  const tooFast = await room().call("say", { text: "one more" }, ann);
  const other = await room().call("say", { text: "and I?" }, bob);
  await clock.advance(bounds.withinMs - bounds.lines * 100);
  const later = await room().call("say", { text: "one more" }, ann);

  expect(tooFast).toEqual({ kind: "refused", code: "TOO_FAST", data: { lines: 20, withinMs: 10_000, waitMs: 8_000 } });
  expect([other.kind, later.kind]).toEqual(["accepted", "accepted"]);
});

test("the room keeps the newest hundred lines at hand, and counts all", async () => {
  for (let said = 0; said < 130; said++) {
    await room().call("say", { text: String(said) }, { user: { id: `visitor-${said % 7}`, name: "Visitor" } });
    await clock.advance(500);
  }

  const { count, lines } = await room().state();

  expect([count, lines.length, lines[0]?.text, lines.at(-1)?.text]).toEqual([130, 100, "30", "129"]);
});

test("there is one house: a room of another name is nobody's", async () => {
  await expect(app.room(house, { house: "attic" }).call("say", { text: "Hello?" }, ann)).rejects.toMatchObject({ code: "FORBIDDEN" });
});
