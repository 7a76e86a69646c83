import { expect, test } from "vitest";
import { KeptMessages } from "./kept-messages.ts";

function open(mostTopics = 10) {
  let time = 0;
  const kept = new KeptMessages(() => time, mostTopics);
  const add = (topic: string, text: string, keepMs: number): void => kept.add(topic, Buffer.from(text), { keep: 2, keepBytes: 100, keepMs });
  const read = (topic: string): readonly string[] =>
    kept.read(topic, { keep: 2, keepBytes: 100, keepMs: 1_000 }).map((message) => Buffer.from(message).toString());
  return { kept, add, read, advance: (ms: number) => void (time += ms) };
}

test("topics that are too old are forgotten while others are kept, though nobody asks for them", () => {
  const { kept, add, advance } = open(200);
  add("long", "a", 1_000_000);
  for (let index = 0; index < 100; index++) add(`short ${index}`, "a", 1_000);

  advance(1_000);
  for (let index = 0; index < 100; index++) add("other", "a", 1_000);

  expect(kept.size).toBe(2);
});

test("past the limit another topic is not kept, until one is forgotten", () => {
  const { kept, add, read, advance } = open(2);
  for (const topic of ["a", "b", "c"]) add(topic, topic, 1_000);
  const full = ["a", "b", "c"].map(read);

  advance(1_000);
  add("c", "c", 1_000);

  expect(full).toEqual([["a"], ["b"], []]);
  expect([read("c"), kept.size]).toEqual([["c"], 1]);
});
