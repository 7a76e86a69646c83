// @vitest-environment happy-dom
import { createElement, type ReactElement } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { board } from "./board.fixture.ts";
import { type RoomCall, useCall, useRoom } from "./index.ts";
import { settle, until } from "./page.fixture.ts";
import { Stage } from "./stage.fixture.ts";

let stage: Stage;
let add: RoomCall<typeof board, "add">;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

function View({ boardId }: { readonly boardId: string | null }): ReactElement {
  const { room, status } = useRoom(board, boardId === null ? null : { boardId });
  add = useCall(room, "add");
  const { pending, refusal, error } = add;
  return createElement(
    "p",
    null,
    [status.kind, pending ? "pending" : "", refusal === undefined ? "" : `${refusal.code} ${refusal.data.most}`, error?.code].join("|"),
  );
}

function tooMany(): readonly string[] {
  return Array.from({ length: 201 }, String);
}

test("a call resolves with its outcome, and is pending until then", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live|||");

  const calling = add.call(["one"]);
  await until(() => page.text === "live|pending||");
  const outcome = await calling;
  await until(() => page.text === "live|||");

  expect(outcome).toMatchObject({ kind: "accepted", result: 1, kept: "memory" });
});

test("a refusal is shown with its data until the next call", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live|||");

  const outcome = await add.call(tooMany());
  await until(() => page.text === "live||FULL 200|");
  void add.call(["one"]);
  await until(() => page.text === "live|pending||");
  await until(() => page.text === "live|||");

  expect(outcome).toEqual({ kind: "refused", code: "FULL", data: { most: 200 } });
});

test("a failure is no rejection: the call resolves with nothing, and the failure is shown", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "locked" }));
  await until(() => page.text === "refused|||");

  const outcome = await add.call(["one"]);
  await until(() => page.text === "refused|||FORBIDDEN");

  expect(outcome).toBe(undefined);
});

test("what has no JSON form fails with the mistake as its cause", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live|||");

  await add.call([1n as never]);
  await until(() => page.text === "live|||INTERNAL");

  expect(add.error?.cause).toBeInstanceOf(TypeError);
});

test("a call that its caller gives up leaves neither outcome nor failure", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live|||");
  const giveUp = new AbortController();

  ann.cut();
  const calling = add.call(["one"], { signal: giveUp.signal });
  await until(() => page.text.includes("pending"));
  giveUp.abort();
  const outcome = await calling;
  await until(() => !page.text.includes("pending"));

  expect(outcome).toBe(undefined);
  expect(add.error).toBe(undefined);
});

test("what is shown belongs to the latest call, whatever becomes of the one before", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live|||");
  const giveUp = new AbortController();

  ann.cut();
  const calling = add.call(["one"], { signal: giveUp.signal });
  void add.call(["two"]);
  giveUp.abort();
  await calling;
  await settle();

  expect(page.text).toBe("stale|pending||");
});

test("reset forgets the refusal, and what is still under way", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live|||");
  await add.call(tooMany());
  await until(() => page.text === "live||FULL 200|");

  add.reset();
  await until(() => page.text === "live|||");
  const failing = add.call([1n as never]);
  add.reset();
  await failing;
  await settle();

  expect(page.text).toBe("live|||");
});

test("a component that is gone leaves its call to go on, and is told nothing", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live|||");

  const calling = add.call(["one"]);
  page.show(null);
  const outcome = await calling;

  expect(outcome?.kind).toBe("accepted");
  expect(page.text).toBe("");
});

test("another room begins without the refusal of the one before", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  await until(() => page.text === "live|||");
  await add.call(tooMany());
  await until(() => page.text === "live||FULL 200|");

  page.show(createElement(View, { boardId: "2" }));
  await until(() => page.text === "live|||");

  expect(add.refusal).toBe(undefined);
});

test("without a room a call fails at once", async () => {
  const page = stage.show(stage.visit("ann"), createElement(View, { boardId: null }));

  const outcome = await add.call(["one"]);
  await until(() => page.text === "idle|||UNAVAILABLE");

  expect(outcome).toBe(undefined);
});

test("the function to call stays the same while its room does", async () => {
  const ann = stage.visit("ann");
  const page = stage.show(ann, createElement(View, { boardId: "1" }));
  const { call, reset } = add;

  await until(() => page.text === "live|||");
  await add.call(["one"]);

  expect(add.call).toBe(call);
  expect(add.reset).toBe(reset);
});
