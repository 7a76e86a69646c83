import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Progress } from "./progress.ts";

const tty = process.stderr.isTTY;
let written: string[];

beforeEach(() => {
  written = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = tty;
});

test("in a log it is a line at the start and one at the end, not one for each step", () => {
  process.stderr.isTTY = false;
  const progress = new Progress("replay", 1_000);

  for (let done = 1; done <= 1_000; done++) progress.show(done);

  expect(written).toEqual(["replay: 1 of 1000\n", "replay: 1000 of 1000\n"]);
});

test("on a terminal it is a bar that is drawn over itself, and ends with a new line", () => {
  process.stderr.isTTY = true;
  const progress = new Progress("replay", 2);

  progress.show(1);
  progress.show(2);

  expect(written[0]).toBe(`\r\x1b[Kreplay ${"█".repeat(15)}${"░".repeat(15)} 1 of 2`);
  expect(written.at(-1)).toBe(`\r\x1b[Kreplay ${"█".repeat(30)} 2 of 2\n`);
});

test("nothing to do is done", () => {
  process.stderr.isTTY = true;

  new Progress("replay", 0).show(0);

  expect(written.join("")).toContain("0 of 0\n");
});
