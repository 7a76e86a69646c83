import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Child } from "./child.ts";

let folder: string;
let crashes: string[];
let programs = 0;
let ending: AbortController;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-child-"));
  crashes = [];
  ending = new AbortController();
});

afterEach(() => rmSync(folder, { recursive: true }));

function start(source: string, ...args: readonly string[]): Child<unknown> {
  const program = join(folder, `program-${++programs}.mjs`);
  writeFileSync(program, source);
  const output = join(folder, "program.log");
  return new Child({ program: pathToFileURL(program), args, output, signal: ending.signal, onCrash: (what) => crashes.push(what) });
}

const echo = `process.send(process.argv.slice(2)); process.on("message", (message) => { console.log(message); process.send(message); });`;

test("a child is told things, tells things, and prints into its file", async () => {
  const child = start(echo, "a", "b");
  const first = await child.next();

  const second = child.next();
  child.send("hello");
  const told = [first, await second];
  await child.kill();

  expect(told).toEqual([["a", "b"], "hello"]);
  expect(readFileSync(join(folder, "program.log"), "utf8")).toBe("hello\n");
});

test("one that is killed, or ends well, has not crashed", async () => {
  const [killed, done] = [start(echo), start("")];
  await killed.next();

  await killed.kill();

  expect([await killed.ended, await done.ended, await done.next()]).toEqual(["SIGKILL", "0", undefined]);
  expect(crashes).toEqual([]);
});

test("one that fails, or is killed by another, has crashed", async () => {
  const [failed, shot] = [start("process.exit(3)"), start(`process.kill(process.pid, "SIGKILL")`)];
  await Promise.all([failed.ended, shot.ended]);

  expect(crashes.toSorted()).toEqual([expect.stringMatching(/ended with 3, see .*program\.log$/), expect.stringMatching(/ended with SIGKILL/)]);
});

test("an abort kills it, and what it is told afterwards is lost", async () => {
  const child = start(echo);
  await child.next();

  ending.abort();
  const how = await child.ended;
  child.send("too late");

  expect([how, await child.next()]).toEqual(["SIGKILL", undefined]);
});
