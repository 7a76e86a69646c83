import { expect, test } from "vitest";
import { defaultActivityLimits } from "./limits.ts";
import { RecentActivity } from "./recent.ts";
import { evolveView, nextEntry, noView } from "./state.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = 1_800_000_000_000;

function event(id: string, at: number, path: string) {
  return { id, at, type: "view", path, visitor: `visitor ${id}` };
}

test("when the clock goes back by an hour, visitors go and pages change as ever", () => {
  const recent = new RecentActivity({ ...defaultActivityLimits, properties: [] });
  recent.add([event("a", start, "/a")], start);
  const back = start - hour;

  recent.add([event("b", back, "/b")], back);
  expect(recent.active(back).count).toBe(2);
  expect(recent.view(back).minutes.at(-1)).toBe(2);
  const later = back + 6 * minute;
  expect(recent.active(later).count).toBe(0);
  expect(recent.view(later).pages.last5).toEqual([]);
});

test("to ask for an earlier moment is no clock that goes back", () => {
  const recent = new RecentActivity({ ...defaultActivityLimits, properties: [] });
  recent.add([event("a", start, "/a")], start);

  recent.active(start - hour);

  expect(recent.active(start).count).toBe(1);
  expect(recent.view(start).minutes.at(-1)).toBe(1);
});

test("when the clock goes back by an hour, the newest events are the newest that are shown", () => {
  const recent = new RecentActivity({ ...defaultActivityLimits, properties: [] });
  recent.add(
    Array.from({ length: 60 }, (_, index) => event(`a${index}`, start - 60 + index, "/a")),
    start,
  );
  const before = evolveView(noView, nextEntry(noView, recent.view(start))!);
  const back = start - hour;

  recent.add([event("b", back, "/b")], back);
  const view = recent.view(back);
  const after = evolveView(before, nextEntry(before, view)!);

  expect(after.latest.at(-1)?.id).toBe("b");
  expect(after.latest).toEqual(view.latest);
});
