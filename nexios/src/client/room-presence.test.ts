import { expect, test } from "vitest";
import { Bench } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import { joinedBy, room, sum } from "./sum.fixture.ts";

async function open(): Promise<{ readonly bench: Bench; readonly joined: ClientRoom<typeof sum> }> {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" }, { presence: { at: 0 } });
  await bench.run(5_000);
  return { bench, joined };
}

/** What was shown, and when, since a moment. */
function shown(bench: Bench, since = 0): readonly (readonly [number, unknown])[] {
  return bench.lines.flatMap(({ messages }) =>
    messages.flatMap(({ at, frames }) => frames.flatMap((frame) => (frame.kind === "presence" ? [[at - since, frame.state] as const] : []))),
  );
}

test("a join says what one shows", async () => {
  const { bench } = await open();

  expect([bench.of("join").map(({ presence }) => presence), shown(bench)]).toEqual([[{ at: 0 }], []]);
});

test("a change is sent at once, the next ones no closer together than a tenth of a second, and the newest for certain", async () => {
  const { bench, joined } = await open();
  const since = bench.scheduler.now;

  for (let at = 0; at < 250; at += 10) bench.scheduler.after(at, () => joined.show({ at }));
  await bench.run(1_000);

  expect(shown(bench, since)).toEqual([
    [0, { at: 0 }],
    [100, { at: 100 }],
    [200, { at: 200 }],
    [300, { at: 240 }],
  ]);
});

test("one object that is changed and shown again is shown as it was each time, the newest for certain", async () => {
  const { bench, joined } = await open();
  const state = { at: 1 };
  joined.show(state);
  for (const at of [2, 3]) joined.show(Object.assign(state, { at }));
  state.at = 4;

  await bench.run(1_000);

  expect(shown(bench).map(([, each]) => each)).toEqual([{ at: 1 }, { at: 3 }]);
});

test("one who shows nothing any more says so, and is joined so", async () => {
  const { bench, joined } = await open();

  joined.show(undefined);
  await bench.run();
  bench.line.end();
  await bench.run(1_000);

  expect([bench.of("presence").map(({ state }) => state), bench.of("join").map(({ presence }) => presence)]).toEqual([[undefined], [{ at: 0 }, undefined]]);
});

test("a room is joined again with the newest, whatever was shown without a connection", async () => {
  const { bench, joined } = await open();
  bench.onConnect = (line) => void bench.scheduler.after(500, () => line.open());
  bench.line.end();

  for (const at of [1, 2, 3]) joined.show({ at });
  const { pending } = bench.scheduler;
  await bench.run(5_000);

  expect([bench.of("join").at(-1)?.presence, bench.of("presence")]).toEqual([{ at: 3 }, []]);
  expect(pending).toBeLessThan(5);
});

test("what changed while a join was under way is told behind it", async () => {
  for (const changes of [[2], [2, 3]]) {
    const bench = new Bench();
    const joined = bench.client.join(sum, { id: "1" }, { presence: { at: 1 } });
    bench.answers.join = (frame, line) => {
      for (const at of changes) joined.show({ at });
      line.say(...joinedBy(frame));
    };

    await bench.run(1_000);

    expect(bench.of("presence")).toEqual([{ kind: "presence", room, state: { at: changes.at(-1) } }]);
  }
});

test("what can't be sent is refused at the call, and shown nowhere", async () => {
  const { bench, joined } = await open();
  const circle: { at?: unknown } = {};
  circle.at = circle;

  expect(() => joined.show(circle as never)).toThrow(TypeError);
  expect(() => joined.show({ at: "x".repeat(5_000) as never })).toThrow(expect.objectContaining({ code: "LIMIT" }));
  expect(() => bench.client.room(sum, { id: "2" }, { presence: { at: 1n as never } })).toThrow(TypeError);
  bench.line.end();
  await bench.run(1_000);

  expect([bench.of("presence"), bench.of("join").map(({ presence }) => presence)]).toEqual([[], [{ at: 0 }, { at: 0 }]]);
});

test("what is shown in a room that nobody holds is sent with its join, and costs nothing until then", async () => {
  const bench = new Bench();
  const made = bench.client.room(sum, { id: "1" });
  await bench.run(1_000);
  const { pending } = bench.scheduler;

  made.show({ at: 5 });
  const more = bench.scheduler.pending - pending;
  made.hold();
  await bench.run();

  expect([more, bench.of("join").map(({ presence }) => presence), bench.of("presence")]).toEqual([0, [{ at: 5 }], []]);
});

test("who is joined with a presence shows that, though the room was there already", async () => {
  const bench = new Bench();
  bench.client.room(sum, { id: "1" });

  bench.client.join(sum, { id: "1" }, { presence: { at: 4 } });
  await bench.run();

  expect(bench.of("join").map(({ presence }) => presence)).toEqual([{ at: 4 }]);
});
