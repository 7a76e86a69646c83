// @vitest-environment happy-dom
import { createElement, type ReactElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { board } from "./board.fixture.ts";
import {
  ConnectionBanner,
  RealtimeProvider,
  useCall,
  useConnection,
  useHistory,
  useOthers,
  useRoom,
  useRoomState,
  useSelf,
  useServerNow,
  useSignal,
} from "./index.ts";
import { addPlace, until } from "./page.fixture.ts";
import { Stage, type Visitor } from "./stage.fixture.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

function View(): ReactElement {
  const { room, status } = useRoom(board, { boardId: "1" }, { presence: { x: 1 } });
  const lines = useRoomState(room, (state) => state.lines.join());
  const others = useOthers(room, (people) => people.length);
  const self = useSelf(room);
  const { pending } = useCall(room, "add");
  const { entries } = useHistory(room);
  const { kind, user } = useConnection();
  useSignal(room, "wave", () => {});
  return createElement(
    "div",
    null,
    [status.kind, lines, others, self?.state.x, pending, entries.length, kind, user?.id].join(" "),
    createElement(ConnectionBanner),
  );
}

function toApp({ client }: Visitor): ReactElement {
  return createElement(RealtimeProvider, { client }, createElement(View));
}

test("a server renders what nobody has joined yet, even with a client that is live", async () => {
  const ann = stage.visit("ann");
  await stage.app.room(board, { boardId: "1" }).call("add", ["one"]);
  const room = ann.client.join(board, { boardId: "1" });
  await until(() => room.status.kind === "live");

  const html = renderToString(toApp(ann));

  expect(html).toContain("idle  0  false 0 connecting ");
  expect(html).toContain('<div role="status" class="nexios-banner-words"></div>');
});

test("a browser takes over a server's page as it is, and then shows what it knows", async () => {
  const ann = stage.visit("ann");
  await stage.app.room(board, { boardId: "1" }).call("add", ["one"]);
  const room = ann.client.join(board, { boardId: "1" });
  await until(() => room.status.kind === "live");
  const element = addPlace();
  element.innerHTML = renderToString(toApp(ann));
  const complaints: unknown[] = [];

  const root = hydrateRoot(element, toApp(ann), { onRecoverableError: (error) => complaints.push(error) });
  await until(() => element.textContent === "live one 0 1 false 0 live ann");
  root.unmount();

  expect(complaints).toEqual([]);
});

test("a server renders its own time", () => {
  const ann = stage.visit("ann");
  const Time = (): ReactElement => createElement("p", null, useServerNow().now);

  const html = renderToString(createElement(RealtimeProvider, { client: ann.client }, createElement(Time)));

  expect(html).toBe(`<p>${ann.clock.now()}</p>`);
});

test("a hook without a provider says what is missing", () => {
  expect(() => renderToString(createElement(View))).toThrow("There is no <RealtimeProvider client={...}> around this component");
});
