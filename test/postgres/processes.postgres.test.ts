import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { usePostgres } from "../../nexios/src/postgres/database.fixture.ts";
import { PostgresStore } from "../../nexios/src/postgres/postgres-store.ts";
import { systemClock } from "../../nexios/src/world/clock.ts";
import { type Program, startProgram } from "../child-process.ts";
import { judge } from "./judge.ts";

const postgres = usePostgres();
const folder = mkdtempSync(join(tmpdir(), "nexios-processes-"));
let journals = 0;

afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly url: string;
  readonly journal: string;
  readonly start: (callers: number, calls: number, rooms: number) => Program;
  readonly promised: () => number;
}

async function newRun(): Promise<Run> {
  const [url, journal] = [await postgres.newUrl(), join(folder, `journal-${journals++}`)];
  writeFileSync(journal, "");
  return {
    url,
    journal,
    start: (callers, calls, rooms) =>
      startProgram(process.execPath, ["--conditions=source", "test/postgres/callers.ts", url, journal, String(callers), String(calls), String(rooms)]),
    promised: () => readFileSync(journal, "utf8").split("\n").length - 1,
  };
}

const nothingWrong = { lost: 0, doubled: 0, holes: 0, miscounted: 0, secrets: 0 };

test("two processes that write to one room at once make one order of 1,000 calls, each once", async () => {
  const run = await newRun();

  const programs = [run.start(50, 10, 1), run.start(50, 10, 1)];
  const codes = await Promise.all(programs.map(({ ended }) => ended));
  const [one, other] = await Promise.all([
    PostgresStore.open({ url: run.url, clock: systemClock, newEpoch: () => "a" }),
    PostgresStore.open({ url: run.url, clock: systemClock, newEpoch: () => "b" }),
  ]);
  const [left, right] = await Promise.all([one, other].map(({ log }) => log.readPublic("room/0", 0, 2_000)));
  await Promise.all([one.close(), other.close()]);

  expect(codes).toEqual([0, 0]);
  expect(left?.map(({ position }) => position)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  expect(right).toEqual(left);
  expect(await judge(run.url, run.journal)).toMatchObject({ ...nothingWrong, acknowledged: 1_000 });
});

test("what was acknowledged is in the log after kill -9 of any process, once, however often it was sent and whatever was trimmed", async () => {
  const run = await newRun();

  for (let round = 0; round < 4 || run.promised() <= 100; round++) {
    const programs = [run.start(24, Infinity, 3), run.start(24, Infinity, 3)];
    await Promise.all(programs.map((program) => program.line(/ready/)));
    // A random moment is the point here: it is no wait for something to be done.
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200));
    await Promise.all(programs.map((program) => program.stop("SIGKILL")));
  }
  const verdict = await judge(run.url, run.journal);

  expect(verdict).toMatchObject(nothingWrong);
  expect(verdict.trimmed).toBeGreaterThan(0);
}, 120_000);

test("calls under way when PostgreSQL crashes and starts again get UNAVAILABLE or their outcome; nothing is lost, and all of them end", async () => {
  const run = await newRun();
  const programs = [run.start(16, 60, 3), run.start(16, 60, 3)];

  for (const [signal, after] of [
    ["SIGQUIT", 200],
    ["SIGINT", 700],
  ] as const) {
    await vi.waitFor(() => expect(run.promised()).toBeGreaterThan(after), { timeout: 60_000, interval: 5 });
    await postgres.server.stop(signal);
    await postgres.server.start();
  }
  const codes = await Promise.all(programs.map(({ ended }) => ended));
  const verdict = await judge(run.url, run.journal);

  expect(codes).toEqual([0, 0]);
  expect(verdict).toMatchObject({ ...nothingWrong, acknowledged: 1_920 });
  // Else the calls met no crash.
  expect(programs.flatMap(({ lines }) => lines).join("\n")).toContain('"UNAVAILABLE":');
}, 180_000);

test("calls wait while PostgreSQL stands still, and all of them end when it goes on", async () => {
  const run = await newRun();
  const settings = { statementMs: 250 };
  const impatient = await PostgresStore.open({ url: run.url, clock: systemClock, newEpoch: () => "a", settings });
  const program = run.start(16, 40, 3);

  await vi.waitFor(() => expect(run.promised()).toBeGreaterThan(50), { timeout: 60_000, interval: 5 });
  postgres.server.signal("SIGSTOP");
  // Long after what was on its way has come.
  await expect(impatient.log.head("room/0")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  const before = run.promised();
  await expect(impatient.log.head("room/0")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  const after = run.promised();
  postgres.server.signal("SIGCONT");
  const code = await program.ended;
  const head = await impatient.log.head("room/0");
  await impatient.close();

  expect([code, after - before, head?.position]).toEqual([0, 0, 224]);
  expect(await judge(run.url, run.journal)).toMatchObject({ ...nothingWrong, acknowledged: 640 });
}, 120_000);
