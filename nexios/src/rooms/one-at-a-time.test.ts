import { expect, test } from "vitest";
import { OneAtATime } from "./one-at-a-time.ts";

test("runs begin in their order, each when the one before has ended, however it has", async () => {
  const turns = new OneAtATime();
  const story: string[] = [];
  const say = (name: string) => async (): Promise<string> => {
    story.push(`${name} begins`);
    await Promise.resolve();
    story.push(`${name} ends`);
    return name;
  };
  const fails = async (): Promise<never> => {
    await Promise.resolve();
    throw new Error("no");
  };

  const first = turns.run(say("first"));
  const second = turns.run(fails);
  const third = turns.run(say("third"));

  await expect(second).rejects.toThrow("no");
  expect([await first, await third]).toEqual(["first", "third"]);
  expect(story).toEqual(["first begins", "first ends", "third begins", "third ends"]);
});

test("where nothing runs it begins at once, and a turn that is asked for meanwhile comes after it", async () => {
  const turns = new OneAtATime();
  const story: string[] = [];
  let inner: Promise<void> | undefined;

  const outer = turns.run(async () => {
    inner = turns.run(async () => void story.push("inner"));
    story.push("outer");
  });
  const atOnce = [...story];
  await outer;
  await inner;

  expect([atOnce, story]).toEqual([["outer"], ["outer", "inner"]]);
});
