import { type NexiosApp } from "nexios";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSaleroom } from "../../demo/server/saleroom.ts";
import { startProgram } from "../../test/child-process.ts";

let folder: string;
let app: NexiosApp | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-replay-test-"));
});

afterEach(async () => {
  await app?.stop();
  app = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const line = (index: number): string =>
  `10.0.0.${index % 7} - - [17/May/2015:10:0${index % 3}:00 +0000] "GET /${index % 5} HTTP/1.1" ${index % 4 === 0 ? 404 : 200} 1 "-" "-"`;

function writeLog(count: number): string {
  const file = join(folder, "access.log");
  writeFileSync(file, Array.from({ length: count }, (_, index) => line(index)).join("\n"));
  return file;
}

async function run(...args: string[]): Promise<{ code: number; lines: readonly string[] }> {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/replay.ts", ...args]);
  const [code] = (await once(program.child, "close")) as [number];
  return { code, lines: program.lines };
}

test("help says how it is used", async () => {
  const { code, lines } = await run("--help");

  expect(code).toBe(0);
  expect(lines[0]).toBe("npm run replay -- activity FILE [--url URL] [--speed N]");
});

test.for([[[]], [["activity"]], [["walls", "file"]], [["bids"]], [["bids", "file", "file"]]] as const)(
  "%j is answered with the help and exit code 1",
  async ([args]) => {
    const { code, lines } = await run(...args);

    expect(code).toBe(1);
    expect(lines.join("\n")).toContain("npm run replay -- activity FILE");
  },
);

test("a file that is not there is said in one sentence", async () => {
  const { code, lines } = await run("activity", join(folder, "missing"));

  expect(code).toBe(1);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^replay: ENOENT/);
});

test("without a server one is started: it shows how far it is, and the last line is its summary", async () => {
  const { code, lines } = await run("activity", writeLog(250));

  expect(code).toBe(0);
  expect(lines).toContain("replay: 250 of 250");
  expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
    requests: 250,
    addresses: 7,
    status: { 200: 187, 404: 63 },
    minutes: 3,
    peakPerMinute: 84,
    topPath: "/0",
    topPathCount: 50,
  });
});

test("a running server is driven at the pace that was asked for, and gets each request once", async () => {
  app = createSaleroom({ dataFolder: folder });
  const { url } = await app.listen({ port: 0 });

  const { code, lines } = await run("activity", writeLog(250), "--url", url, "--speed", "100000");

  expect(code).toBe(0);
  expect(lines).toContain("replay at 100000 times its pace: 250 of 250");
  expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ requests: 250 });
  const summary = await app.request("/activity/summary");
  expect(await summary.json()).toMatchObject({ requests: 250, addresses: 7 });
});

test("where no server answers, it says how to get one", async () => {
  const { code, lines } = await run("activity", writeLog(3), "--url", "http://127.0.0.1:9", "--speed", "1000");

  expect(code).toBe(1);
  expect(lines.at(-1)).toBe('replay: No server answers at http://127.0.0.1:9: start one with "npm start", or leave out --url');
});

test.for([
  [["activity", "file", "--speed", "fast"], "--speed must be a number above 0, not fast"],
  [["activity", "file", "--url", "127.0.0.1:3000"], "--url must be an address such as http://127.0.0.1:3000"],
  [["activity", "file", "--nope"], "Unknown option '--nope'"],
] as const)("%j is answered with one sentence and exit code 1", async ([args, sentence]) => {
  const { code, lines } = await run(...args);

  expect(code).toBe(1);
  expect(lines.join("\n")).toContain(`replay: ${sentence}`);
  expect(lines).toHaveLength(1);
});
