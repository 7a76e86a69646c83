import * as activity from "nexios/activity";
import * as client from "nexios/activity/client";
import * as server from "nexios/activity/server";
import { expect, test } from "vitest";
import { Activity } from "../../nexios/patterns/activity/activity.ts";
import { Tracker } from "../../nexios/patterns/activity/tracker.ts";
import { codesIn, readPage, rowsOf } from "./pages.ts";
import { interfacesOf, membersOf, readSource } from "./sources.ts";

const page = readPage("docs/reference/activity.md");
const folder = "nexios/patterns/activity";
const classes = [
  { name: "Activity", members: Activity.prototype },
  { name: "Tracker", members: Tracker.prototype },
];
const interfaces = interfacesOf(page.text, folder).filter(({ file }) => file.endsWith(".ts"));
/** What belongs to an interface beside its own members. */
const inherited: Readonly<Record<string, readonly string[]>> = { TrackerWorld: ["random"] };

/** The names before what they take, of the first cell of each row. */
function namesIn(heading: string): readonly string[] {
  return rowsOf(page, heading).flatMap(([names = ""]) => codesIn(names).map((code) => /^\w+/.exec(code)?.[0] ?? code));
}

function numbersIn(heading: string): Readonly<Record<string, number>> {
  return Object.fromEntries(rowsOf(page, heading).map(([name = "", value = ""]) => [codesIn(name)[0] ?? "", Number(value.replaceAll(",", ""))]));
}

test("all that the entries of activity export is in the reference, and nothing else", () => {
  const exported = [activity, server, client].flatMap((entry) => Object.keys(entry));

  const [first = ""] = page.text.split("\n## ");
  const rows = rowsOf({ ...page, text: first }).map(([name = ""]) => /\w+/.exec(name)?.[0]);

  expect(new Set(rows)).toEqual(new Set(exported));
  expect(rows).toHaveLength(exported.length);
});

test("every limit of activity and of its tracker is in the reference with its default", () => {
  expect(numbersIn("### Limits")).toEqual(server.defaultActivityLimits);
  expect(numbersIn("### Limits of a tracker")).toEqual(client.defaultTrackerLimits);
});

test("every code by which an event is rejected is in the reference, and no other", () => {
  const [, union = ""] = /export type RejectionCode =([\s\S]+?);/.exec(readSource(`${folder}/event.ts`)) ?? [];

  expect(namesIn("### Rejections")).toEqual([...union.matchAll(/"([A-Z_]+)"/g)].map((match) => match[1]));
});

test("every figure of activity is in the reference, and no other", () => {
  const names = [...readSource(`${folder}/figures.ts`).matchAll(/"(nexios_activity_\w+)"/g)].map((match) => match[1]);

  expect(namesIn("### Figures")).toEqual(names);
});

test.for(interfaces)("the members of $name in $file are those of the reference", ({ name, file }) => {
  const members = [...membersOf(readSource(file), name), ...(inherited[name] ?? [])];

  expect(namesIn(`### \`${name}\``).toSorted()).toEqual(members.toSorted());
});

test.for(classes)("what $name has is in the reference, and nothing else", ({ name, members }) => {
  const declared = Object.getOwnPropertyNames(members).filter((member) => member !== "constructor");

  expect(namesIn(`### \`${name}\``).toSorted()).toEqual(declared.toSorted());
});
