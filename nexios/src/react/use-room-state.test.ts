// @vitest-environment happy-dom
import { createElement, type ReactElement, startTransition, useLayoutEffect, useState } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { board, type Board, canvas } from "./board.fixture.ts";
import { useRoom, useRoomState } from "./index.ts";
import { type Page, until } from "./page.fixture.ts";
import { Stage, type Visitor } from "./stage.fixture.ts";

const boardId = "1";
let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

/** Shows what a selector makes of the board, and takes down each value that was rendered. */
function showSelected<Value>(
  visitor: Visitor,
  select: (state: Board) => Value,
  isEqual?: (a: Value, b: Value) => boolean,
): { readonly page: Page; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const View = (): ReactElement => {
    const { room } = useRoom(board, { boardId });
    // Written in place, as views do it: another function in each render.
    const value = useRoomState(room, (state) => select(state), isEqual);
    seen.push(value);
    return createElement("p", null, JSON.stringify(value));
  };
  return { page: stage.show(visitor, createElement(View), { isStrict: false }), seen };
}

function add(...lines: readonly string[]): Promise<unknown> {
  return stage.app.room(board, { boardId }).call("add", lines);
}

test("there is no state before the first snapshot, and then there is the room's", async () => {
  const ann = stage.visit("ann");
  await add("one");

  const { page, seen } = showSelected(ann, (state) => state);
  await until(() => page.text !== "");
  await add("two");
  await until(() => page.text.includes("two"));

  expect(seen[0]).toBe(undefined);
  expect(seen.at(-1)).toEqual({ lines: ["one", "two"], clears: 0 });
});

test("100 entries in one message are one render", async () => {
  const ann = stage.visit("ann");
  const { page, seen } = showSelected(ann, ({ lines }) => lines.length);
  await until(() => page.text === "0" && ann.client.room(board, { boardId }).status.kind === "live");
  const [rendersBefore, messagesBefore] = [seen.length, ann.received.length];

  await add(...Array.from({ length: 100 }, (_, at) => `line ${at}`));
  await until(() => page.text === "100");

  const messages = ann.received.slice(messagesBefore).filter((message) => message.includes("line"));
  expect(messages.map((message) => message.split("\n").length)).toEqual([100]);
  expect(seen.slice(rendersBefore)).toEqual([100]);
});

test("a component renders only when what it selects has changed", async () => {
  const ann = stage.visit("ann");
  const { page, seen } = showSelected(ann, ({ clears }) => clears);
  const whole = showSelected(ann, ({ lines }) => lines.length);
  await until(() => page.text === "0" && ann.client.room(board, { boardId }).status.kind === "live");
  const before = seen.length;

  await add("one");
  await add("two");
  await until(() => whole.page.text === "2");
  const afterOthers = seen.length;
  await stage.app.room(board, { boardId }).call("clear", undefined);
  await until(() => page.text === "1");

  expect(afterOthers).toBe(before);
  expect(seen.slice(before)).toEqual([1]);
});

test("a selector that makes a new value each time renders by the equality that it is given", async () => {
  const ann = stage.visit("ann");
  const isSameLength = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length;
  const { page, seen } = showSelected(ann, ({ lines }) => lines.filter((line) => line.startsWith("a")), isSameLength);
  const whole = showSelected(ann, ({ lines }) => lines.length);
  await until(() => page.text === "[]" && ann.client.room(board, { boardId }).status.kind === "live");
  const before = seen.length;

  await add("b");
  await until(() => whole.page.text === "1");
  const afterOther = seen.length;
  await add("a");
  await until(() => page.text === '["a"]');

  expect(afterOther).toBe(before);
  expect(seen.slice(before)).toEqual([["a"]]);
});

test("a selection without an equality of its own keeps its value while the state is the same", async () => {
  const ann = stage.visit("ann");
  const seen: unknown[] = [];
  const select = ({ lines }: Board): { readonly lines: readonly string[] } => ({ lines });
  const View = (): ReactElement => {
    const { room } = useRoom(board, { boardId }, { presence: { x: 1 } });
    const selected = useRoomState(room, select);
    seen.push(selected);
    return createElement("p", null, JSON.stringify(selected));
  };

  const page = stage.show(ann, createElement(View));
  await until(() => page.text !== "");
  const kept = seen.at(-1);
  page.show(createElement(View));

  expect(kept).toEqual({ lines: [] });
  expect(seen.at(-1)).toBe(kept);
});

test("a state that entries change in place renders after each message, and so does a part of it", async () => {
  const ann = stage.visit("ann");
  const View = (): ReactElement => {
    const { room } = useRoom(canvas, { canvasId: "1" });
    const pixels = useRoomState(room);
    const same = useRoomState(room, (state) => state);
    const first = useRoomState(room, (state) => state[0]);
    return createElement("p", null, [pixels?.join(), same?.join(), first].join(" "));
  };
  const page = stage.show(ann, createElement(View));
  await until(() => page.text === "0,0,0,0 0,0,0,0 0" && ann.client.room(canvas, { canvasId: "1" }).status.kind === "live");

  await stage.app.room(canvas, { canvasId: "1" }).call("paint", { at: 2, color: 7 });
  await until(() => page.text === "0,0,7,0 0,0,7,0 0");
  await stage.app.room(canvas, { canvasId: "1" }).call("paint", { at: 0, color: 5 });
  await until(() => page.text === "5,0,7,0 5,0,7,0 5");

  expect(page.text).toBe("5,0,7,0 5,0,7,0 5");
});

test("what a call is expected to append shows at once", async () => {
  const ann = stage.visit("ann");
  const expectAdd = (_state: Board, lines: readonly string[]) => lines.map((line) => ({ kind: "added", line }) as const);
  const View = (): ReactElement => {
    const { room } = useRoom(board, { boardId }, { expect: { add: expectAdd } });
    return createElement(
      "p",
      null,
      useRoomState(room, ({ lines }) => lines.join()),
    );
  };
  const page = stage.show(ann, createElement(View));
  const room = ann.client.room(board, { boardId });
  await until(() => room.status.kind === "live");

  const receivedBefore = ann.received.length;
  const calling = room.call("add", ["mine"]);
  await until(() => page.text === "mine");
  const receivedAtFirst = ann.received.length;
  await calling;

  expect(receivedAtFirst).toBe(receivedBefore);
  expect(page.text).toBe("mine");
});

test("all components of one commit show the same state, though it changes while React renders them", async () => {
  const ann = stage.visit("ann");
  const room = ann.client.join(board, { boardId }, { expect: { add: (_state, lines) => lines.map((line) => ({ kind: "added", line }) as const) } });
  await until(() => room.status.kind === "live");
  const commits: string[] = [];
  let renders = 0;
  const Slow = (): ReactElement => {
    const length = useRoomState(room, ({ lines }) => lines.length);
    // Longer than React works at a stretch, so that it lets others run between two of these.
    for (const end = performance.now() + 8; performance.now() < end;) renders++;
    return createElement("i", null, length);
  };
  let begin = (): void => {};
  const View = (): ReactElement => {
    const [isShown, setIsShown] = useState(false);
    begin = () => startTransition(() => setIsShown(true));
    useLayoutEffect(() => void commits.push(page.textsOf("i").join()));
    return createElement("p", null, isShown && Array.from({ length: 6 }, (_, key) => createElement(Slow, { key })));
  };
  const page = stage.show(ann, null, { isStrict: false });
  page.show(createElement(View));

  begin();
  let calls = 0;
  await until(() => {
    if (renders > 0 && calls++ === 0) void room.call("add", ["one"]);
    return page.text === "111111";
  });

  expect(calls).toBeGreaterThan(1);
  expect(commits.filter((commit) => new Set(commit.split(",")).size > 1)).toEqual([]);
});
