import * as alerts from "nexios/alerts";
import * as react from "nexios/alerts/react";
import * as server from "nexios/alerts/server";
import { expect, test } from "vitest";
import { codesIn, readPage, rowsOf } from "./pages.ts";
import { interfacesOf, membersOf, readSource } from "./sources.ts";

const page = readPage("docs/reference/alerts.md");
const folder = "nexios/patterns/alerts";
const calls = [...alerts.alertsRoom.calls];
const interfaces = interfacesOf(page.text, folder).filter(({ name }) => name !== "AppAlerts");
const times = membersOf(readSource(`${folder}/notify.ts`), "NotifyRules");
/** What belongs to an interface beside its own members. */
const inherited: Readonly<Record<string, readonly string[]>> = {
  AlertsOptions: [...membersOf(readSource(`${folder}/serve-alerts.ts`), "ServeAlertsOptions"), ...times],
  RoomAlert: membersOf(readSource(`${folder}/alert.ts`), "Alert"),
};

function namesIn(heading: string): readonly string[] {
  return rowsOf(page, heading).flatMap(([names = ""]) => codesIn(names).map((code) => /^\w+/.exec(code)?.[0] ?? code));
}

test("all that the entries of alerts export is in the reference, and nothing else", () => {
  const exported = [alerts, server, react].flatMap((entry) => Object.keys(entry));

  const [first = ""] = page.text.split("\n## ");
  const rows = rowsOf({ ...page, text: first }).flatMap(([names = ""]) => codesIn(names).map((code) => /^\w+/.exec(code)?.[0]));

  expect(new Set(rows)).toEqual(new Set(exported));
  expect(rows).toHaveLength(exported.length);
});

test("every call of alerts is in the reference with its refusals, and no other", () => {
  const declared = Object.fromEntries(calls.map(([name, { refusals }]) => [name, new Set(refusals)]));

  const rows = rowsOf(page, "## Calls").map(([name = "", , , , refusals = ""]) => [codesIn(name)[0], new Set(codesIn(refusals))]);

  expect(Object.fromEntries(rows)).toEqual(declared);
});

test("every refusal of alerts has its row, and no other, and is in the page of errors", () => {
  const declared = new Set(calls.flatMap(([, { refusals }]) => [...refusals]));
  const errors = readPage("docs/reference/errors.md").text;

  const rows = rowsOf(page, "## Refusals").map(([code = ""]) => codesIn(code)[0] ?? "");

  expect(new Set(rows)).toEqual(declared);
  expect(rows.filter((code) => !errors.includes(`\`${code}\``))).toEqual([]);
});

test("every limit and every time of alerts is in the reference with its default", () => {
  const tableOf = (heading: string) =>
    Object.fromEntries(rowsOf(page, heading).map(([name = "", value = ""]) => [codesIn(name)[0], Number.parseInt(value.replaceAll(",", ""))]));
  const { groupBy: _by, inhibitions: _none, ...defaults } = alerts.defaultNotifyRules;

  expect(tableOf("### Limits")).toEqual(server.defaultAlertLimits);
  expect(tableOf("### `NotifyRules`")).toMatchObject(defaults);
});

test("every kind of entry of alerts is in the reference, and no other", () => {
  const source = readSource(`${folder}/entry.ts`) + readSource(`${folder}/alert.ts`);
  const kinds = [...source.matchAll(/readonly kind: ([^;]+);/g)].flatMap(([, union = ""]) => [...union.matchAll(/"(\w+)"/g)].map((match) => match[1]!));

  expect(namesIn("### Entries").toSorted()).toEqual([...new Set(kinds)].toSorted());
});

test.for(interfaces)("the members of $name in $file are those of the reference", ({ name, file }) => {
  const members = [...membersOf(readSource(file), name), ...(inherited[name] ?? [])];

  expect(new Set(namesIn(`### \`${name}\``))).toEqual(new Set(members));
});

test("what AppAlerts have is in the reference, and nothing else", () => {
  const declared = Object.getOwnPropertyNames(server.AppAlerts.prototype).filter((member) => member !== "constructor");

  expect(namesIn("### `AppAlerts`").toSorted()).toEqual(declared.toSorted());
});
