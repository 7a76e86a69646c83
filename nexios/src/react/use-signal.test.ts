// @vitest-environment happy-dom
import { createElement } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { board } from "./board.fixture.ts";
import { useRoom, useSignal } from "./index.ts";
import { until } from "./page.fixture.ts";
import { Stage } from "./stage.fixture.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

test("each signal of the name comes once to the newest listener, and to none once the component is gone", async () => {
  const ann = stage.visit("ann");
  const bob = stage.visit("bob").client.join(board, { boardId: "1" });
  const heard: string[] = [];
  const View = ({ word }: { readonly word: string }): null => {
    const { room } = useRoom(board, { boardId: "1" });
    useSignal(room, "wave", ({ userId, payload }) => heard.push(`${word} ${userId} ${payload.to}`));
    return null;
  };
  const room = ann.client.room(board, { boardId: "1" });
  const page = stage.show(ann, createElement(View, { word: "first" }));
  await until(() => room.status.kind === "live" && bob.status.kind === "live");

  bob.signal("nod", { to: "ann" });
  bob.signal("wave", { to: "ann" });
  await until(() => heard.length === 1);
  page.show(createElement(View, { word: "second" }));
  bob.signal("wave", { to: "all" });
  await until(() => heard.length === 2);
  page.show(null);
  let arrived = 0;
  room.onSignal(() => arrived++);
  bob.signal("wave", { to: "nobody" });
  await until(() => arrived === 1);

  expect(heard).toEqual(["first bob ann", "second bob all"]);
});
