// @vitest-environment happy-dom
import { createElement, type ReactElement } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closeCodes } from "../protocol/codes.ts";
import { board } from "./board.fixture.ts";
import { ConnectionBanner, type ConnectionBannerProps, englishBannerWords, useConnection } from "./index.ts";
import { type Page, until } from "./page.fixture.ts";
import { Stage, type Visitor } from "./stage.fixture.ts";

let stage: Stage;
let ann: Visitor;

beforeEach(async () => {
  stage = await Stage.open();
  ann = stage.visit("ann", { retryMs: 100_000, longestRetryMs: 100_000 });
  await until(() => ann.client.status.kind === "live");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(async () => {
  vi.useRealTimers();
  await stage.close();
});

function showBanner(props: ConnectionBannerProps = {}): Page {
  return stage.show(ann, createElement(ConnectionBanner, props));
}

/** What is spoken, what stands beside it, and the buttons. */
function partsOf(page: Page): readonly string[] {
  return page.textsOf("[role=status], .nexios-banner-details, button");
}

/** Lets time pass for the client's clock and for the timers of the page. */
async function pass(ms: number): Promise<void> {
  await ann.clock.advance(ms);
  await vi.advanceTimersByTimeAsync(ms);
}

async function lose(): Promise<void> {
  ann.cut();
  await until(() => ann.client.retryInMs() !== undefined);
}

function secondsLeft(): number {
  return Math.ceil((ann.client.retryInMs() ?? 0) / 1_000);
}

test("while all is well the banner is empty, and the place that is spoken from is there", () => {
  const page = showBanner();

  expect(partsOf(page)).toEqual([""]);
  expect(page.all(".nexios-banner[data-kind]")).toEqual([]);
});

test("a lost line is kept silent for 2 s, then said in words, with a countdown beside them and a button", async () => {
  const page = showBanner();

  await lose();
  await pass(1_990);
  const before = partsOf(page);
  await pass(20);
  await until(() => page.text !== "");
  const spoken = partsOf(page);
  const seconds = secondsLeft();
  await pass(2_000);
  await until(() => partsOf(page)[1] !== spoken[1]);
  const later = partsOf(page);

  expect(before).toEqual([""]);
  expect(spoken).toEqual(["The connection is lost. What you see may be old.", `Trying again in ${seconds} s.`, "Try now"]);
  expect(later).toEqual([spoken[0], `Trying again in ${seconds - 2} s.`, "Try now"]);
  expect(page.all(".nexios-banner")[0]?.getAttribute("data-kind")).toBe("reconnecting");
});

test("a line that is back within 2 s was never spoken of", async () => {
  const page = showBanner();
  const texts = new Set<string>();

  await lose();
  await pass(1_500);
  ann.mend();
  ann.client.retryNow();
  await until(() => texts.add(page.text).size > 0 && ann.client.status.kind === "live");
  await pass(2_000);
  texts.add(page.text);

  expect([...texts]).toEqual([""]);
});

test("the button tries at once, and the banner is empty again when the line is back", async () => {
  const page = showBanner();
  await lose();
  await pass(2_010);
  await until(() => page.text !== "");
  ann.mend();

  page.click("Try now");
  await until(() => ann.client.status.kind === "live");
  await until(() => page.text === "");

  expect(partsOf(page)).toEqual([""]);
});

test("calls that wait are counted", async () => {
  const page = showBanner();
  const room = ann.client.join(board, { boardId: "1" });
  await lose();
  void room.call("add", ["one"]);
  await pass(2_010);
  await until(() => page.text !== "");
  const one = partsOf(page)[1];
  void room.call("add", ["two"]);
  await until(() => partsOf(page)[1] !== one);

  expect(one).toContain("1 change waits to be sent.");
  expect(partsOf(page)[1]).toContain("2 changes wait to be sent.");
  ann.mend();
  ann.client.retryNow();
  await until(() => room.state?.lines.length === 2);
});

test("a browser without a network is told so", async () => {
  const page = showBanner();
  ann.isOnline = false;

  await lose();
  await pass(2_010);
  await until(() => page.text !== "");

  expect(partsOf(page)[0]).toBe("You are offline. What you see may be old.");
  expect(partsOf(page)[2]).toBe("Try now");
});

test("a refusal is said at once, in its own words and without a countdown", async () => {
  const page = showBanner();

  ann.close(closeCodes.REPLACED);
  await until(() => page.text !== "");

  expect(partsOf(page)).toEqual(["This was opened elsewhere.", "", "Try now"]);
});

test("each refusal has its words", () => {
  const codes = [closeCodes.UNAUTHORIZED, closeCodes.FORBIDDEN, closeCodes.REPLACED, closeCodes.INVALID, undefined];

  const sentences = codes.map(englishBannerWords.refused);

  expect(new Set(sentences).size).toBe(4);
});

test("a page that is older than the server can be loaded again", async () => {
  let loads = 0;
  const page = showBanner({ onLoadAgain: () => loads++ });

  ann.close(closeCodes.OUTDATED);
  await until(() => page.text !== "");
  page.click("Load again");

  expect(partsOf(page)).toEqual(["There is a newer version of this page.", "", "Load again"]);
  expect(loads).toBe(1);
});

test("words, silence and a class of one's own take the place of the given ones", async () => {
  const page = showBanner({
    words: { reconnecting: "Verbindung weg", nextTry: (seconds) => `in ${seconds} s`, tryNow: "Jetzt" },
    quietMs: 500,
    className: "top",
  });

  await lose();
  await pass(510);
  await until(() => page.text !== "");

  expect(partsOf(page)).toEqual(["Verbindung weg", `in ${secondsLeft()} s`, "Jetzt"]);
  expect(page.all(".nexios-banner.top")).toHaveLength(1);
});

test("a connection renders when it changes, once a second while it waits, and not otherwise", async () => {
  let renders = 0;
  const View = (): ReactElement => {
    const { kind, retryInMs, user } = useConnection();
    renders++;
    return createElement("p", null, `${kind} ${retryInMs} ${user?.name}`);
  };
  const page = stage.show(ann, createElement(View), { isStrict: false });
  await pass(3_000);
  const whileLive = renders;
  await lose();
  await until(() => page.text.startsWith("reconnecting"));
  const before = renders;
  await pass((ann.client.retryInMs() ?? 0) % 1_000);
  for (let second = 0; second < 3; second++) await pass(1_000);

  expect(whileLive).toBe(1);
  expect(page.text).toBe(`reconnecting ${secondsLeft() * 1_000} ann`);
  expect(renders - before).toBe(4);
});
