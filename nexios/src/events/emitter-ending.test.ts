import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { Emitter, type Unsubscribe } from "./emitter.ts";

interface Events {
  read: number;
}

const ignore = (): void => undefined;

type Ending = (events: Emitter<Events>, stop: Unsubscribe, listener: () => void) => unknown;

const endings: Readonly<Record<string, Ending>> = {
  "what `on` returned": (_events, stop) => stop(),
  "off with the listener": (events, _stop, listener) => events.off("read", listener),
  "off with the name alone": (events) => events.off("read"),
};

test.each(Object.entries(endings))("a listening that was ended by %s leaves nothing at its signal", (_how, end) => {
  const events = new Emitter<Events>();
  const { signal } = new AbortController();
  const stop = events.on("read", ignore, { signal });
  const before = getEventListeners(signal, "abort").length;

  end(events, stop, ignore);

  expect([before, getEventListeners(signal, "abort").length]).toEqual([1, 0]);
});

test("a once listener that has had its event leaves nothing at its signal", async () => {
  const events = new Emitter<Events>();
  const { signal } = new AbortController();
  events.once("read", ignore, { signal });
  events.once("*", ignore, { signal });

  await events.emit("read", 1);

  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test.each(Object.entries(endings))("a listener that another ends by %s while an event is told does not run", async (_how, end) => {
  const events = new Emitter<Events>();
  const heard: string[] = [];
  const second = (): void => void heard.push("second");
  events.on("read", () => {
    heard.push("first");
    end(events, stop, second);
  });
  const stop = events.on("read", second);

  const report = await events.emit("read", 1);

  expect(heard).toEqual(["first"]);
  expect(report).toEqual({ called: 1, failures: [] });
});

test("a listener whose signal is aborted while an event is told does not run, a pattern's neither", async () => {
  const events = new Emitter<Events>();
  const controller = new AbortController();
  const heard: string[] = [];
  events.on("read", () => controller.abort());
  events.on("read", () => void heard.push("name"), { signal: controller.signal });
  events.on("*", () => void heard.push("pattern"), { signal: controller.signal });
  events.on("*", () => void heard.push("other"));

  const report = await events.emit("read", 1);

  expect(heard).toEqual(["other"]);
  expect(report.called).toBe(2);
});

test("a listener that ends itself runs to its end, and hears no other event", async () => {
  const events = new Emitter<Events>();
  const heard: number[] = [];
  const stop = events.on("read", async (payload) => {
    stop();
    await Promise.resolve();
    heard.push(payload);
  });

  await events.emit("read", 1);
  await events.emit("read", 2);

  expect(heard).toEqual([1]);
});
