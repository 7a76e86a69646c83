// @vitest-environment happy-dom
import { createElement, type ReactElement } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { board, type BoardEntry } from "./board.fixture.ts";
import { type RoomHistory, useHistory, useRoom } from "./index.ts";
import { until } from "./page.fixture.ts";
import { Stage } from "./stage.fixture.ts";

let stage: Stage;
let history: RoomHistory<typeof board>;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

function View({ boardId }: { readonly boardId: string | null }): ReactElement {
  const { room, status } = useRoom(board, boardId === null ? null : { boardId });
  history = useHistory(room, 2);
  const { entries, isEnd, pending, error } = history;
  return createElement(
    "p",
    null,
    [status.kind, entries.map(({ value }) => toText(value)).join(), isEnd ? "end" : "", pending ? "pending" : "", error?.code].join("|"),
  );
}

function toText(entry: BoardEntry): string {
  return entry.kind === "added" ? entry.line : entry.kind;
}

test("the past comes page by page, newest first, until its end", async () => {
  const ann = stage.visit("ann");
  await stage.app.room(board, { boardId: "1" }).call("add", ["a", "b", "c"]);
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live||||");

  void history.loadMore();
  await until(() => page.text === "live|||pending|");
  await until(() => page.text === "live|c,b|||");
  await stage.app.room(board, { boardId: "1" }).call("add", ["d"]);
  await history.loadMore();
  await until(() => page.text === "live|c,b,a|end||");
  await history.loadMore();

  expect(page.text).toBe("live|c,b,a|end||");
});

test("to ask twice at once is to ask once", async () => {
  const ann = stage.visit("ann");
  await stage.app.room(board, { boardId: "1" }).call("add", ["a", "b", "c"]);
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live||||");

  await Promise.all([history.loadMore(), history.loadMore()]);
  await until(() => page.text === "live|c,b|||");

  expect(ann.sent.filter((frame) => frame.startsWith('{"t":"h"'))).toHaveLength(1);
});

test("a page that fails says so, and can be asked for again", async () => {
  const ann = stage.visit("ann");
  await stage.app.room(board, { boardId: "1" }).call("add", ["a"]);
  const page = stage.show(ann, createElement(View, { boardId: "1" }));

  await history.loadMore();
  await until(() => page.text.endsWith("UNAVAILABLE"));
  await until(() => page.text.startsWith("live"));
  await history.loadMore();
  await until(() => page.text === "live|a|end||");

  expect(page.text).toBe("live|a|end||");
});

test("another room begins with no page, and a page of the one before is not shown in it", async () => {
  const ann = stage.visit("ann");
  await stage.app.room(board, { boardId: "1" }).call("add", ["a"]);
  await stage.app.room(board, { boardId: "2" }).call("add", ["b"]);
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live||||");
  await history.loadMore();
  await until(() => page.text === "live|a|end||");

  page.show(createElement(View, { boardId: "2" }));
  await until(() => page.text === "live||||");
  await history.loadMore();
  await until(() => page.text === "live|b|end||");
  page.show(createElement(View, { boardId: null }));
  await history.loadMore();

  expect(page.text).toBe("idle||||");
});
