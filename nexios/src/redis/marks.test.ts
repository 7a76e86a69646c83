import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { joinMessages, splitMessages } from "./joined-messages.ts";
import { Marks } from "./marks.ts";

function open(name = "a") {
  const clock = new ManualClock();
  const marks = new Marks(Buffer.from(name.repeat(8)), clock);
  const sent: Buffer[] = [];
  const told: string[] = [];
  const send = (topic: string): Promise<string> =>
    marks.send(
      topic,
      () => void told.push(topic),
      (mark) => {
        sent.push(mark);
        return Promise.resolve(`reply ${topic}`);
      },
    );
  return { clock, marks, sent, told, send };
}

test("a reply is given once its mark has come, whichever of the two is first", async () => {
  const { marks, sent, told, send } = open();
  const [one, two] = [send("one"), send("two")];

  const taken = [...sent].toReversed().map((mark) => marks.take(mark));

  expect(taken).toEqual([true, true]);
  expect(await Promise.all([one, two])).toEqual(["reply one", "reply two"]);
  expect(told).toEqual(["two", "one"]);
});

test("a mark is no message, and a message no mark; another's mark is nothing to this process", () => {
  const [a, b] = [open("a"), open("b")];
  void a.send("t");
  const message = joinMessages(Buffer.from("aaaaaaaa"), [Uint8Array.of(1)]);

  expect([a.marks.take(message), b.marks.take(message)]).toEqual([false, false]);
  expect(b.marks.take(a.sent[0]!)).toBe(true);
  expect([a.told, b.told]).toEqual([[], []]);
  expect(splitMessages(a.sent[0]!)).toBeUndefined();
});

test("a mark that does not come, and one that can't come any more, are told by a code", async () => {
  const { clock, marks, told, send } = open();
  const reads = ["late", "left", "all"].map((topic) => send(topic).catch((error: unknown) => error));

  marks.lose("left");
  expect(await reads[1]).toMatchObject({ code: "UNAVAILABLE" });
  await clock.advance(3_000);
  expect(await reads[0]).toMatchObject({ code: "UNAVAILABLE" });
  const last = send("last").catch((error: unknown) => error);
  marks.lose();

  expect(await last).toMatchObject({ code: "UNAVAILABLE" });
  expect(told).toEqual([]);
});
