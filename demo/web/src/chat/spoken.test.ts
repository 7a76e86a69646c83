import { expect, test } from "vitest";
import { ManualClock } from "../../../../nexios/src/testing/manual-clock.ts";
import { quietMs, Spoken } from "./spoken.ts";

const line = (text: string) => ({ text, at: 1, by: { id: "bob", name: "Bob" } });

function listen() {
  const clock = new ManualClock();
  const heard: string[][] = [];
  const spoken = new Spoken({ after: (delayMs, run) => clock.after(delayMs, run), say: (lines) => heard.push(lines.map(({ text }) => text)) });
  return { clock, heard, spoken };
}

test("the first line is said at once, and what follows soon after it together, later", async () => {
  const { clock, heard, spoken } = listen();

  for (const text of ["one", "two", "three"]) spoken.add(line(text));
  const atOnce = structuredClone(heard);
  await clock.advance(quietMs);

  expect(atOnce).toEqual([["one"]]);
  expect(heard).toEqual([["one"], ["two", "three"]]);
});

test("after a while of silence a line is said at once again", async () => {
  const { clock, heard, spoken } = listen();

  spoken.add(line("one"));
  await clock.advance(quietMs);
  spoken.add(line("two"));

  expect(heard).toEqual([["one"], ["two"]]);
});

test("a hundred lines in ten seconds are three announcements at most", async () => {
  const { clock, heard, spoken } = listen();

  for (let said = 0; said < 100; said++) {
    spoken.add(line(String(said)));
    await clock.advance(99);
  }

  expect(heard.length).toBeLessThanOrEqual(3);
});

test("nothing is said any more once it is closed", async () => {
  const { clock, heard, spoken } = listen();
  spoken.add(line("one"));
  spoken.add(line("two"));

  spoken.close();
  await clock.advance(10 * quietMs);

  expect(heard).toEqual([["one"]]);
});
