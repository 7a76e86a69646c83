import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Desk } from "./session-desk.fixture.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open({ keepMs: 200 });
  await desk.documents.create("1", "one two three");
});

afterEach(() => desk.close());

test("who has a document open while its past is forgotten, again and again, goes on writing", async () => {
  const { session } = desk.write("ann");
  await session.opened();
  const past = desk.documents.past("1");
  const oldest = new Set<number>();

  for (let word = 0; oldest.size < 4; word++) {
    await vi.waitFor(() => expect(session.canWrite).toBe(true));
    session.edit((text) => text.insert(text.length, ` ${word % 10}`));
    await session.saved();
    await past.catchUp();
    oldest.add(past.oldest);
  }

  expect(session.refused).toBeUndefined();
  expect(await desk.documents.text("1")).toBe(session.text);
  expect(session.text).toMatch(/^one two three( \d)+$/u);
});

test("what was written for a document of which the past is gone comes back as text, and one goes on with what is there", async () => {
  const { session, cut, mend } = desk.write("ann");
  await session.opened();
  cut();
  session.edit((text) => text.insert(text.length, " four"));
  await desk.documents.forget("1");

  mend();
  await vi.waitFor(() => expect(session.refused).toEqual({ code: "REFUSED", text: "one two three four" }));
  await vi.waitFor(() => expect(session.canWrite).toBe(true));

  expect(session.text).toBe("one two three");
  session.edit((text) => text.insert(0, "0 "));
  await session.saved();
  expect(await desk.documents.text("1")).toBe("0 one two three");
});
