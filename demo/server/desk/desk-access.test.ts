import { expect, test } from "vitest";
import { accessOf, deskRobot } from "./desk-access.ts";

const ann = { id: "ann", name: "Ann" };
const bob = { id: "bob", name: "Bob" };
const open = {};
const over = { closed: { ending: "time" as const, seal: "" } };

test("everybody writes the foreword, and what the house sells until it is over", () => {
  expect([accessOf(ann, "foreword", undefined), accessOf(ann, "house-1", open), accessOf(ann, "house-1", over)]).toEqual(["write", "write", "read"]);
});

test("a visitor's lot is described by its seller, and read by others", () => {
  expect([accessOf(ann, "ann.7", open), accessOf(bob, "ann.7", open), accessOf(ann, "ann.7", over)]).toEqual(["write", "read", "read"]);
});

test("an unknown lot has no document for anybody", () => {
  expect([accessOf(ann, "house-99", undefined), accessOf(deskRobot, "house-99", undefined)]).toEqual([undefined, undefined]);
});
