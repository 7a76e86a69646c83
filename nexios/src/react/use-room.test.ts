// @vitest-environment happy-dom
import { Component, createElement, type ReactElement, type ReactNode } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { board } from "./board.fixture.ts";
import { useRoom, useRoomState, useRoomValue } from "./index.ts";
import { until } from "./page.fixture.ts";
import { Stage, type Visitor } from "./stage.fixture.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

function View({ boardId }: { readonly boardId: string | null }): ReactElement {
  const { room, status } = useRoom(board, boardId === null ? null : { boardId });
  const lines = useRoomState(room, (state) => state.lines.join());
  return createElement("p", null, `${room?.name ?? "no room"}: ${status.kind}${status.code === undefined ? "" : ` ${status.code}`} ${lines ?? "-"};`);
}

function viewOf(...boardIds: readonly (string | null)[]): ReactElement {
  return createElement("div", null, ...boardIds.map((boardId) => createElement(View, { boardId })));
}

function framesOf({ sent }: Visitor, kind: string): readonly string[] {
  return sent.filter((frame) => frame.startsWith(`{"t":"${kind}"`));
}

test("a component whose effects run twice joins its room once on the wire", async () => {
  const ann = stage.visit("ann");

  const page = stage.show(ann, viewOf("1"));
  const atFirst = page.text;
  await until(() => page.text === "board/1: live ;");

  expect(atFirst).toBe("board/1: joining -;");
  expect(framesOf(ann, "j")).toHaveLength(1);
  expect(framesOf(ann, "l")).toEqual([]);
});

test("components of one room share one join", async () => {
  const ann = stage.visit("ann");

  const page = stage.show(ann, viewOf("1", "1", "2"));
  await until(() => page.text === "board/1: live ;board/1: live ;board/2: live ;");

  expect(framesOf(ann, "j")).toHaveLength(2);
});

test("a room is left a moment after its last component, and not at all if one is shown again before", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, viewOf("1"));
  await until(() => page.text === "board/1: live ;");

  page.show(viewOf());
  await ann.clock.advance(900);
  page.show(viewOf("1"));
  await ann.clock.advance(2_000);
  const whileShown = [...framesOf(ann, "l")];
  page.show(viewOf());
  await ann.clock.advance(1_100);
  await until(() => framesOf(ann, "l").length > 0);

  expect(whileShown).toEqual([]);
  expect(framesOf(ann, "j")).toHaveLength(1);
});

test("other parameters are another room, and none are no room", async () => {
  const ann = stage.visit("ann");
  await stage.app.room(board, { boardId: "2" }).call("add", ["two"]);
  const page = stage.show(ann, viewOf("1"));
  await until(() => page.text === "board/1: live ;");

  page.show(viewOf(null));
  const skipped = page.text;
  page.show(viewOf("2"));
  await until(() => page.text === "board/2: live two;");

  expect(skipped).toBe("no room: idle -;");
});

test("a component that renders again with the same parameters in another object keeps its join", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, viewOf("1"));
  await until(() => page.text === "board/1: live ;");

  for (let again = 0; again < 3; again++) page.show(viewOf("1"));
  await ann.clock.advance(5_000);

  expect(framesOf(ann, "j")).toHaveLength(1);
});

test("a room without a right to be there says so in its status", async () => {
  const ann = stage.visit("ann");

  const page = stage.show(ann, viewOf("locked"));
  await until(() => page.text.includes("refused"));

  expect(page.text).toBe("board/locked: refused FORBIDDEN -;");
});

test("a name that no room can have fails the render", () => {
  const ann = stage.visit("ann");
  const caught: unknown[] = [];
  class Boundary extends Component<{ readonly children?: ReactNode }> {
    override readonly state = { isBroken: false };
    static getDerivedStateFromError(): { isBroken: boolean } {
      return { isBroken: true };
    }
    override componentDidCatch(error: unknown): void {
      caught.push(error);
    }
    override render(): ReactNode {
      return this.state.isBroken ? "no such room" : this.props.children;
    }
  }

  const page = stage.show(ann, createElement(Boundary, null, createElement(View, { boardId: "no room" })), { isStrict: false });

  expect(page.text).toBe("no such room");
  expect(caught).toMatchObject([{ code: "NOT_FOUND" }]);
});

test("a presence is shown from the join on, and again when it says something else", async () => {
  const ann = stage.visit("ann");
  let x = 1;
  const Shown = (): ReactElement => {
    const { room } = useRoom(board, { boardId: "1" }, { presence: { x } });
    const states = useRoomValue(room, ({ people }) => people.map(({ state }) => state.x).join());
    return createElement("p", null, states);
  };

  const page = stage.show(ann, createElement(Shown));
  await until(() => page.text === "1");
  await ann.clock.advance(1);
  page.show(createElement(Shown));
  await ann.clock.advance(1);
  const whileSame = [...framesOf(ann, "p")];
  x = 2;
  page.show(createElement(Shown));
  await ann.clock.advance(1);
  await until(() => page.text === "2");

  expect(framesOf(ann, "j")).toHaveLength(1);
  expect(whileSame).toEqual([]);
  expect(framesOf(ann, "p")).toHaveLength(1);
});
