import { expect, test } from "vitest";
import { PresenceFrames } from "./presence-frames.ts";
import type { Shown } from "./presence-message.ts";
import { People } from "./presence-people.ts";

const encoder = new TextEncoder();

/** A room whose members get lists of up to ten persons. */
function room() {
  const people = new People();
  const frames = new PresenceFrames(10);
  const held = new Map<string, Shown>();
  let at = 0;
  const put = (userId: string, state = "1"): void => {
    const next: Shown = { process: "p", id: userId, userId, name: userId, at: at++, state: encoder.encode(state) };
    frames.note(people.put(next, held.get(userId)));
    held.set(userId, next);
  };
  const drop = (userId: string): void => {
    const connection = held.get(userId);
    if (connection !== undefined) frames.note(people.drop(connection, undefined));
    held.delete(userId);
  };
  return { put, drop, view: () => frames.view(people), next: () => frames.next(people) };
}

function person(userId: string, state = "1") {
  return { userId, name: userId, state: encoder.encode(state) };
}

test("a frame has the persons that came or changed, and the ids of those that went", () => {
  const { put, drop, next } = room();
  put("ann");
  put("bob");
  put("cleo");
  next();

  put("ann", "2");
  drop("bob");
  put("dan");

  expect(next()).toEqual({ kind: "presence", put: [person("ann", "2"), person("dan")], drop: ["bob"] });
});

test("what was undone before the frame is not in it", () => {
  const { put, drop, next } = room();
  put("ann");
  next();

  put("bob");
  drop("bob");
  drop("ann");
  put("ann");

  expect(next()).toBeUndefined();
});

test("above the size members get a count, and a new one only when it is another", () => {
  const { put, drop, next, view } = room();

  for (let index = 0; index < 11; index++) put(`u${index}`);
  const early = view();
  const frames = [next(), next()];
  drop("u0");
  put("u11");
  put("u12");
  frames.push(next());

  expect(early).toEqual({ people: undefined, count: 11 });
  expect(frames).toEqual([{ kind: "people", people: undefined, count: 11 }, undefined, { kind: "people", people: undefined, count: 12 }]);
});

test("lists come back at four fifths of the size, as a whole list, and changes after it", () => {
  const { put, drop, next, view } = room();
  for (let index = 0; index < 11; index++) put(`u${index}`);
  next();

  for (const userId of ["u0", "u1"]) drop(userId);
  const stillCounted = [next(), view().people];
  drop("u2");
  const listed = next();
  put("ann");

  expect(stillCounted).toEqual([{ kind: "people", people: undefined, count: 9 }, undefined]);
  expect(listed).toEqual({ kind: "people", people: [3, 4, 5, 6, 7, 8, 9, 10].map((index) => person(`u${index}`)), count: 8 });
  expect(next()).toEqual({ kind: "presence", put: [person("ann")], drop: [] });
});

test("whoever joins before anybody is shown gets an empty list", () => {
  expect(new PresenceFrames(10).view(undefined)).toEqual({ people: [], count: 0 });
});
