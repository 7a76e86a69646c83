// The page of `react.chromium.test.ts`: it is built by the test, with React's development build, and served by the test's own app.
import { createElement, Fragment, type ReactElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createClient } from "nexios/client";
import { ConnectionBanner, englishBannerWords, RealtimeProvider, useCall, useOthers, useRoom, useRoomState } from "nexios/react";
import { board } from "../../nexios/src/react/board.fixture.ts";

/** What the page tells the test. */
export interface PageRecord {
  /** What the counting view has rendered, one after the other. */
  readonly renders: (number | undefined)[];
  /** When the line was lost, and when the banner spoke first; by the page's monotonic clock. */
  lostAt: number | undefined;
  spokenAt: number | undefined;
}

const record: PageRecord = { renders: [], lostAt: undefined, spokenAt: undefined };
Object.assign(globalThis, { record });

/** What of a browser the page needs; the tests are compiled without a browser's types. */
interface Browser {
  readonly location: { readonly hash: string };
  readonly document: { querySelector(selector: string): Parameters<typeof createRoot>[0] };
}
const { document, location } = globalThis as unknown as Browser;

const client = createClient({ token: async () => (await fetch(`/token/${location.hash.slice(1)}`)).text() });
client.onChange(() => {
  if (client.status.kind === "reconnecting") record.lostAt ??= performance.now();
});

function nextTry(seconds: number): string {
  record.spokenAt ??= performance.now();
  return englishBannerWords.nextTry(seconds);
}

function Board(): ReactElement {
  const { room, status } = useRoom(board, { boardId: "1" }, { presence: { x: 1 } });
  const last = useRoomState(room, ({ lines }) => lines.at(-1));
  const others = useOthers(room, (people) => people.map(({ name }) => name).join());
  const { call, pending } = useCall(room, "add");
  return createElement(
    Fragment,
    null,
    createElement("h1", null, "Board"),
    createElement("p", { id: "board" }, `${status.kind}, last ${last ?? "none"}, with ${others}`),
    createElement("button", { disabled: pending, onClick: () => void call(["mine"]) }, "Add mine"),
  );
}

function Count(): ReactElement {
  const { room } = useRoom(board, { boardId: "1" });
  const length = useRoomState(room, ({ lines }) => lines.length);
  record.renders.push(length);
  return createElement("p", { id: "count" }, length);
}

// The counting view stands outside of strict mode, which renders everything twice.
const views = createElement(
  Fragment,
  null,
  createElement(StrictMode, null, createElement(Board), createElement(ConnectionBanner, { words: { nextTry } })),
  createElement(Count),
);
createRoot(document.querySelector("main")).render(createElement(RealtimeProvider, { client }, views));
