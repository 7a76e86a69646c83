import * as notifications from "nexios/notifications";
import * as client from "nexios/notifications/client";
import * as email from "nexios/notifications/email";
import * as push from "nexios/notifications/push";
import * as react from "nexios/notifications/react";
import * as server from "nexios/notifications/server";
import { expect, test } from "vitest";
import { defaultDeliveryTimes } from "../../nexios/patterns/notifications/delivery-rules.ts";
import { codesIn, readPage, rowsOf } from "./pages.ts";
import { interfacesOf, membersOf, readSource } from "./sources.ts";

const page = readPage("docs/reference/notifications.md");
const folder = "nexios/patterns/notifications";
const calls = [...notifications.inboxRoom.calls];
const interfaces = interfacesOf(page.text, folder).filter(({ name }) => name !== "Inboxes");
const contents = membersOf(readSource(`${folder}/entry.ts`), "NotificationContent");
const times = membersOf(readSource(`${folder}/delivery-rules.ts`), "DeliveryRules");
/** What belongs to an interface beside its own members. */
const inherited: Readonly<Record<string, readonly string[]>> = {
  InboxOptions: times,
  NewNotification: contents,
  Notification: contents,
  InboxView: [
    ...membersOf(readSource(`${folder}/view.ts`), "InboxPage").filter((name) => name !== "position"),
    ...membersOf(readSource(`${folder}/react.ts`), "InboxActions"),
  ],
};

/** The names before what they take, of the first cell of each row; a row of an object's form names none. */
function namesIn(heading: string): readonly string[] {
  const cells = rowsOf(page, heading).map(([names = ""]) => names);
  return cells.filter((cell) => !cell.startsWith("`{")).flatMap((cell) => codesIn(cell).map((code) => /^\w+/.exec(code)?.[0] ?? code));
}

test("all that the entries of notifications export is in the reference, and nothing else", () => {
  const exported = [notifications, server, client, react, push, email].flatMap((entry) => Object.keys(entry));

  const [first = ""] = page.text.split("\n## ");
  const rows = rowsOf({ ...page, text: first }).map(([name = ""]) => /\w+/.exec(name)?.[0]);

  expect(new Set(rows)).toEqual(new Set(exported));
  expect(rows).toHaveLength(exported.length);
});

test("every call of an inbox is in the reference with its refusals, and no other", () => {
  const declared = Object.fromEntries(calls.map(([name, { refusals }]) => [name, new Set(refusals)]));

  const rows = rowsOf(page, "## Calls").flatMap(([names = "", , , , refusals = ""]) =>
    codesIn(names).map((name) => [name, new Set(codesIn(refusals))] as const),
  );

  expect(Object.fromEntries(rows)).toEqual(declared);
  expect(rows).toHaveLength(calls.length);
  expect([...notifications.inboxRoom.questions]).toEqual([]);
});

test("every refusal of an inbox has its row, and no other", () => {
  const declared = new Set(calls.flatMap(([, { refusals }]) => [...refusals]));

  const rows = rowsOf(page, "## Refusals").map(([code = ""]) => codesIn(code)[0]);

  expect(new Set(rows)).toEqual(declared);
  expect(rows).toHaveLength(declared.size);
});

test("every limit of an inbox is in the reference with its default", () => {
  const table = Object.fromEntries(rowsOf(page, "### Limits").map(([name = "", value = ""]) => [codesIn(name)[0], Number.parseInt(value.replaceAll(",", ""))]));

  expect(table).toEqual(server.defaultInboxLimits);
});

test("every time of a delivery is in the reference with its default", () => {
  const rows = rowsOf(page, "### `InboxOptions`").filter(([name = ""]) => (codesIn(name)[0] ?? "") in defaultDeliveryTimes);

  expect(Object.fromEntries(rows.map(([name = "", value = ""]) => [codesIn(name)[0], Number.parseInt(value.replaceAll(",", ""))]))).toEqual(
    defaultDeliveryTimes,
  );
});

test("every kind of entry is in the reference, and no other", () => {
  const kinds = [...readSource(`${folder}/entry.ts`).matchAll(/readonly kind: ([^;]+);/g)].flatMap(([, union = ""]) =>
    [...union.matchAll(/"(\w+)"/g)].map((match) => match[1]!),
  );

  expect(namesIn("### Entries").toSorted()).toEqual(kinds.toSorted());
});

test("every channel is in the reference, and no other", () => {
  expect(namesIn("## Channels").slice(0, 3)).toEqual(["live", "push", "email"]);
});

test("every code that the intake answers with is in its table, and in the page of errors", () => {
  const source = readSource(`${folder}/intake.ts`) + readSource(`${folder}/intake-body.ts`);
  const own = [...source.matchAll(/"([A-Z]+_[A-Z_]+|FORBIDDEN)"/g)].map((match) => match[1]!);
  const created = [...(notifications.inboxRoom.calls.get("create")?.refusals ?? [])];

  const codes = rowsOf(page, "### Answers").flatMap(([, cell = ""]) => codesIn(cell));
  const errors = readPage("docs/reference/errors.md").text;

  expect([...own, ...created].filter((code) => !codes.includes(code))).toEqual([]);
  expect([...codes, ...calls.flatMap(([, { refusals }]) => [...refusals])].filter((code) => !errors.includes(`\`${code}\``))).toEqual([]);
});

test.for(interfaces)("the members of $name in $file are those of the reference", ({ name, file }) => {
  const members = [...membersOf(readSource(file), name), ...(inherited[name] ?? [])];

  expect(new Set(namesIn(`### \`${name}\``))).toEqual(new Set(members));
});

test("what Inboxes have is in the reference, and nothing else", () => {
  const declared = Object.getOwnPropertyNames(server.Inboxes.prototype).filter((member) => member !== "constructor");

  expect(namesIn("### `Inboxes`").toSorted()).toEqual(declared.toSorted());
});
