import { expect, test } from "vitest";
import { Emitter } from "./emitter.ts";

test.each<[string, string, boolean]>([
  ["a.*", "a.b", true],
  ["a.*", "a", false],
  ["a.*", "a.b.c", false],
  ["*", "a", true],
  ["*", "a.b", false],
  ["**", "a", true],
  ["**", "a.b.c", true],
  ["a.**", "a.b.c", true],
  ["a.**", "a.b", true],
  ["a.**", "a", false],
  ["a.**", "ab.c", false],
  ["**.c", "a.b.c", true],
  ["**.c", "a.c.b", false],
  ["**.c", "c", false],
  ["a.**.c", "a.b.b.c", true],
  ["a.**.c", "a.c", false],
  ["a.**.c.**.d", "a.c.x.c.d", false],
  ["a.**.c.**.d", "a.x.c.c.x.d", true],
  ["**.**", "a", false],
  ["**.**", "a.b", true],
  ["**.a.**.a.**", "b.a.b", false],
  ["*.*", "a.b", true],
  ["a*", "ab", false],
  ["a.*.c", "a.b.c", true],
  ["a.*.c", "a..c", true],
])("the pattern %s hears %s: %s", async (pattern, name, isHeard) => {
  const events = new Emitter<Record<string, number>>();
  const heard: string[] = [];
  events.on(pattern, (_payload, heardName) => void heard.push(heardName));

  await events.emit(name, 1);

  expect(heard).toEqual(isHeard ? [name] : []);
});

test("a listener to a pattern gets only the payloads that its type names", async () => {
  const events = new Emitter<{ a: number; "a.b": string; "a.b.c": string; "b.a.b": boolean }>();
  const heard: string[] = [];
  events.on("a.**", (payload: string) => void heard.push(payload));
  events.on("**.b", (payload: string | boolean) => void heard.push(`${payload}!`));

  await events.emit("a", 1);
  await events.emit("a.b", "two");
  await events.emit("a.b.c", "three");
  await events.emit("b.a.b", true);

  expect(heard).toEqual(["two", "two!", "three", "true!"]);
});

test("a hostile name is matched in a number of steps that its length bounds", async () => {
  const events = new Emitter<Record<string, number>>();
  let heard = 0;
  events.on(`${"**.a.".repeat(12)}b`, () => void heard++);

  await events.emit("a.".repeat(20_000), 1);

  expect(heard).toBe(0);
});

test("to end one pattern leaves the others", async () => {
  const events = new Emitter<Record<string, number>>();
  const heard: string[] = [];
  for (const pattern of ["a.*", "a.**", "*.b", "a.b"]) events.on(pattern, () => void heard.push(pattern));

  events.off("a.*");
  await events.emit("a.b", 1);

  expect(heard).toEqual(["a.**", "*.b", "a.b"]);
  expect(["a.*", "a.**", "*.b", "a.b"].map((pattern) => events.listenerCount(pattern))).toEqual([0, 1, 1, 1]);
});
