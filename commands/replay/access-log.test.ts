import * as fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseLine, readAccessLog } from "./access-log.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-log-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lineAt = (moment: string): string => `10.0.0.1 - - [${moment}] "GET /a HTTP/1.1" 200 12 "-" "Mozilla/5.0"`;

test("a line becomes a request, with its query", () => {
  const line = `83.149.9.216 - frank [17/May/2015:10:05:03 +0000] "POST /a/b%20c?x=1&y=%22 HTTP/1.0" 304 - "http://x/" "Mozilla/5.0 (X11; \\"odd\\")"`;

  expect(parseLine(line)).toEqual({ at: Date.UTC(2015, 4, 17, 10, 5, 3), visitor: "83.149.9.216", method: "POST", path: "/a/b%20c?x=1&y=%22", status: 304 });
});

test.for([
  ["17/May/2015:10:05:03 +0000", "2015-05-17T10:05:03Z"],
  ["17/May/2015:10:05:03 +0200", "2015-05-17T08:05:03Z"],
  ["17/May/2015:10:05:03 -0700", "2015-05-17T17:05:03Z"],
  ["01/Jan/2016:00:15:00 +0530", "2015-12-31T18:45:00Z"],
  ["31/Dec/2015:23:59:59 -0930", "2016-01-01T09:29:59Z"],
  ["29/Feb/2016:12:00:00 +0000", "2016-02-29T12:00:00Z"],
] as const)("the moment %s is %s", ([moment, expected]) => {
  expect(new Date(parseLine(lineAt(moment))?.at ?? 0).toISOString()).toBe(expected.replace("Z", ".000Z"));
});

test("every month of a log is read", () => {
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  const read = months.map((month) => new Date(parseLine(lineAt(`15/${month}/2020:12:00:00 +0000`))?.at ?? 0).getUTCMonth());

  expect(read).toEqual(months.map((_, index) => index));
});

test.for([
  ["nothing", ""],
  ["words", "GET / HTTP/1.1"],
  ["a month that is none", lineAt("17/Mai/2015:10:05:03 +0000")],
  ["a time without a zone", lineAt("17/May/2015:10:05:03")],
  ["a day that is none", lineAt("31/Feb/2015:10:05:03 +0000")],
  ["a status that is no number", `10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" ok 12 "-" "-"`],
  ["a line that was cut", lineAt("17/May/2015:10:05:03 +0000").slice(0, 40)],
] as const)("%s is no request", ([, line]) => {
  expect(parseLine(line)).toBeUndefined();
});

test.for([
  ["-", { method: "-", path: "-" }],
  ["", { method: "-", path: "-" }],
  ["\\x16\\x03\\x01", { method: "-", path: "\\x16\\x03\\x01" }],
  ["M-SEARCH * HTTP/1.1", { method: "M-SEARCH", path: "*" }],
  ["get / HTTP/1.0", { method: "get", path: "/" }],
  ["GET /old", { method: "GET", path: "/old" }],
  [`GET /a\\"b HTTP/1.1`, { method: "GET", path: `/a\\"b` }],
] as const)("the request %j, whatever it was, is counted", ([request, expected]) => {
  expect(parseLine(`10.0.0.1 - - [17/May/2015:10:05:03 +0000] "${request}" 400 - "-" "-"`)).toMatchObject(expected);
});

test("no text makes the reader fail", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      expect(() => parseLine(text)).not.toThrow();
    }),
  );
});

test("a log is read plain and from gzip, and lines of another form are counted", async () => {
  const text = `${lineAt("17/May/2015:10:05:03 +0000")}\nnoise\n\n${lineAt("17/May/2015:10:05:04 +0000")}\n`;
  writeFileSync(join(folder, "log"), text);
  writeFileSync(join(folder, "log.gz"), gzipSync(text));

  const plain = await readAccessLog(join(folder, "log"));

  expect([plain.requests.length, plain.unreadable]).toEqual([2, 1]);
  expect(await readAccessLog(join(folder, "log.gz"))).toEqual(plain);
});
