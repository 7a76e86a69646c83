// @vitest-environment happy-dom
import { createElement, type ReactElement } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { board } from "./board.fixture.ts";
import { useOthers, useRoom, useSelf } from "./index.ts";
import { until } from "./page.fixture.ts";
import { Stage } from "./stage.fixture.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

test("others are all but oneself, and oneself is what the others see", async () => {
  const ann = stage.visit("ann");
  const View = (): ReactElement => {
    const { room } = useRoom(board, { boardId: "1" }, { presence: { x: 1 } });
    const names = useOthers(room, (others) => others.map(({ name, state }) => `${name} ${state.x}`).toSorted());
    const self = useSelf(room);
    return createElement("p", null, `${self?.name} ${self?.state.x}; ${names.join()}`);
  };
  const page = stage.show(ann, createElement(View));
  await until(() => page.text === "ann 1; ");

  const bob = stage.visit("bob");
  const room = bob.client.join(board, { boardId: "1" }, { presence: { x: 2 } });
  await until(() => page.text === "ann 1; bob 2");
  room.show({ x: 3 });
  await bob.clock.advance(1);
  await until(() => page.text === "ann 1; bob 3");
  ann.client.room(board, { boardId: "1" }).show({ x: 9 });
  await ann.clock.advance(1);
  await until(() => page.text === "ann 9; bob 3");

  expect(page.text).toBe("ann 9; bob 3");
});

test("who shows something new oneself does not render what is made of the others", async () => {
  const ann = stage.visit("ann");
  let renders = 0;
  const View = (): ReactElement => {
    renders++;
    const room = ann.client.room(board, { boardId: "1" });
    const whole = useOthers(room).length;
    return createElement("p", null, `${whole} ${useOthers(room, (others) => others.map(({ state }) => state)).length}`);
  };
  const room = ann.client.join(board, { boardId: "1" }, { presence: { x: 1 } });
  stage.visit("bob").client.join(board, { boardId: "1" }, { presence: { x: 2 } });
  const page = stage.show(ann, createElement(View), { isStrict: false });
  await until(() => page.text === "1 1" && room.people.length === 2);
  const before = renders;

  room.show({ x: 5 });
  await ann.clock.advance(1);
  await until(() => room.people.some(({ state }) => state.x === 5));
  await stage.app.room(board, { boardId: "1" }).call("add", ["one"]);
  await until(() => room.state?.lines.length === 1);

  expect(renders).toBe(before);
});

test("without a room there is nobody", () => {
  const ann = stage.visit("ann");
  const seen: unknown[] = [];
  const View = (): null => {
    const { room } = useRoom(board, null);
    seen.push(
      useOthers(room),
      useOthers(room, (others) => others.length),
      useSelf(room),
    );
    return null;
  };

  stage.show(ann, createElement(View), { isStrict: false });

  expect(seen).toEqual([[], 0, undefined]);
});
