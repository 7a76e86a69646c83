import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { closeCodes, defaultLimits, defaultRoomLimits, reportKinds } from "nexios";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layers } from "../layers.ts";
import { anchorsOf, codesIn, filesBelow, linksOf, readPage, readPages, root, rowsOf } from "./docs/pages.ts";
import { isRunnable, makeSamplesFolder, runSample, samplesOf, typeCheck } from "./docs/samples.ts";
import { fieldsOf, interfacesOf, readSource } from "./docs/sources.ts";

const pages = readPages();
const samples = pages.flatMap(samplesOf);
const options = readPage("docs/reference/options.md");
let samplesFolder: string;

beforeAll(() => {
  samplesFolder = makeSamplesFolder(samples);
});

afterAll(() => rmSync(samplesFolder, { recursive: true, force: true }));

test("every sample of the documents is accepted by the compiler", async () => {
  expect(await typeCheck(samplesFolder)).toBe("");
});

test.for(samples.filter(isRunnable))("$name runs and ends by itself", async (sample) => {
  await expect(runSample(samplesFolder, sample)).resolves.toBeUndefined();
});

test.for(pages)("every link of $path leads somewhere", (page) => {
  const local = linksOf(page).filter((target) => !/^[a-z]+:/.test(target));

  const dead = local.filter((target) => {
    const [file = "", anchor] = target.split("#");
    const path = file === "" ? page.path : join(dirname(page.path), file);
    if (!existsSync(join(root, path))) return true;
    return anchor !== undefined && !anchorsOf(readPage(path)).includes(anchor);
  });

  expect(dead).toEqual([]);
});

test("the architecture's table of layers is that of the linter", () => {
  const rows = rowsOf(readPage("docs/architecture.md"), "## Who may import whom");

  const table = Object.fromEntries(rows.map(([importer = "", allowed = ""]) => [codesIn(importer)[0], codesIn(allowed)]));

  expect(table).toEqual(layers);
});

test("every file that the architecture names is there", () => {
  const files = ["nexios/src", "nexios/patterns", "demo", "examples"].flatMap((folder) => filesBelow(folder, ".ts"));
  const named = readPage("docs/architecture.md").text.matchAll(/[\w/-]+\.ts\b/g);

  const names = [...new Set([...named].map(([name]) => name))];
  const missing = names.filter((name) => !existsSync(join(root, name)) && !files.some((file) => file.endsWith(`/${name}`)));

  expect(missing).toEqual([]);
});

test("every page of the guide says for whom it is wrong", () => {
  const guide = pages.filter(({ path }) => path.startsWith("docs/guide/"));

  const silent = guide.filter(({ text }) => text.split("\n## ").at(-1)?.startsWith("When this is wrong for you\n") !== true);

  expect(silent.map(({ path }) => path)).toEqual([]);
});

test("every error code has its paragraph, and no other", () => {
  const source = readSource("nexios/src/protocol/codes.ts");
  const codes = [...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map((match) => match[1]);

  const headings = [...readPage("docs/reference/errors.md").text.matchAll(/^### `([A-Z_]+)`$/gm)].map((match) => match[1]);

  expect(new Set(headings)).toEqual(new Set(codes));
  expect(headings).toHaveLength(codes.length);
});

test("every close code is in the reference under its own number and name", () => {
  const rows = rowsOf(readPage("docs/reference/close-codes.md"), "## The codes");

  const table = Object.fromEntries(rows.map(([code, name = ""]) => [codesIn(name)[0], Number(code)]));

  expect(table).toEqual(closeCodes);
});

test("every limit is in the options with its default", () => {
  const rows = rowsOf(options, "## Limits");

  const table = Object.fromEntries(rows.map(([name = "", value = ""]) => [codesIn(name)[0], toLimit(value)]));

  expect(table).toEqual(defaultLimits);
});

test("every limit has a row in the promises, with its default", () => {
  const rows = rowsOf(readPage("docs/promises.md"), "## Limits");

  const table = Object.fromEntries(rows.map(([name = "", , value = ""]) => [codesIn(name)[0], toLimit(value)]));

  expect(table).toEqual(defaultLimits);
});

test.for([
  { name: "RoomLimits", limits: defaultRoomLimits },
  { name: "CallRules", limits: defaultRoomLimits.calls },
  { name: "QueueLimits", limits: defaultRoomLimits.queue },
  { name: "HistoryRules", limits: defaultRoomLimits.history },
  { name: "PresenceLimits", limits: defaultRoomLimits.presence },
])("every limit of $name is in the options with its default", ({ name, limits }) => {
  const rows = rowsOf(options, `### \`${name}\``).filter(([, value = ""]) => !value.startsWith("["));

  const table = Object.fromEntries(rows.map(([limit = "", value = ""]) => [codesIn(limit)[0], toNumbers(value)]));

  expect(table).toEqual(
    Object.fromEntries(
      Object.entries(limits)
        .filter(([, value]) => !isGroup(value))
        .map(([limit, value]) => [limit, [value].flat()]),
    ),
  );
});

test("every limit of rooms has a row in the promises, with its default", () => {
  const rows = rowsOf(readPage("docs/promises.md"), "### Limits of rooms");

  const table = Object.fromEntries(rows.map(([name = "", , value = ""]) => [codesIn(name)[0], toNumbers(value)]));

  expect(table).toEqual(flatten(defaultRoomLimits));
});

test("every test that a promise names is in the tree", () => {
  const sources = ["nexios/src", "nexios/patterns", "test", "demo/server", "commands", "examples"]
    .flatMap((folder) => filesBelow(folder, ".test.ts").map(readSource))
    .join("\n");
  const titles = rowsOf(readPage("docs/promises.md")).flatMap((row) => [...(row.at(-1) ?? "").matchAll(/“([^”]+)”/g)].map((match) => match[1]!));

  const missing = titles.filter((title) => !sources.includes(`"${title}"`));

  expect(titles.length).toBeGreaterThan(10);
  expect(missing).toEqual([]);
});

test.for(interfacesOf(options.text, "nexios/src"))("the options of $name in $file are those of the reference", ({ name, file }) => {
  const rows = rowsOf(options, `### \`${name}\``);

  expect(rows.map(([option = ""]) => codesIn(option)[0])).toEqual(fieldsOf(readSource(file), name));
});

test("every setting of the environment that the code reads is in the options", () => {
  const files = ["nexios/src", "demo/server", "examples", "commands", "test"]
    .flatMap((folder) => filesBelow(folder, ".ts"))
    .filter((file) => !file.endsWith(".test.ts"));
  const text = files.map(readSource).join("\n");
  const named = [...text.matchAll(/\benv\["([A-Z_]+)"\]/g)].map((match) => match[1]!);

  const documented = rowsOf(options, "## Environment").map(([name = ""]) => codesIn(name)[0]!);

  expect(new Set(named).difference(new Set([...documented, "PATH"]))).toEqual(new Set());
  for (const name of documented) expect(text).toContain(name);
});

test("every kind of report is in the options", () => {
  const missing = reportKinds.filter((kind) => !options.text.includes(`\`nexios:${kind}\``));

  expect(missing).toEqual([]);
});

test("every dependency is in the contributors' tables with its version, and no other", () => {
  const manifests = ["package.json", "nexios/package.json", "demo/package.json"].map((path) => JSON.parse(readSource(path)) as Manifest);
  const used = manifests.flatMap(({ dependencies, devDependencies, optionalDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).map(([name, version]) => `${name} ${version}`),
  );

  const rows = rowsOf(readPage("CONTRIBUTING.md"), "## Dependencies").filter((row) => row.length === 5);

  const documented = rows.map(([name = "", version]) => `${codesIn(name)[0]} ${version}`);
  expect(new Set(documented)).toEqual(new Set(used.filter((each) => !each.startsWith("nexios "))));
});

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** `1,048,576`, `0.8`, or `20/s, burst 200`. */
function toLimit(cell: string): unknown {
  const [first = NaN, second] = [...cell.replaceAll(",", "").matchAll(/\d+(?:\.\d+)?/g)].map(Number);
  return second === undefined ? first : { perSecond: first, burst: second };
}

/** `1,000; 4,000`. */
function toNumbers(cell: string): readonly number[] {
  return [...cell.replaceAll(",", "").matchAll(/\d+/g)].map(Number);
}

/** By names such as `queue.calls`. */
function flatten(limits: object, prefix = ""): Readonly<Record<string, unknown>> {
  const flat = Object.entries(limits).flatMap(([name, value]: [string, unknown]) =>
    isGroup(value) ? Object.entries(flatten(value, `${prefix}${name}.`)) : [[`${prefix}${name}`, [value].flat()]],
  );
  return Object.fromEntries(flat);
}

function isGroup(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
