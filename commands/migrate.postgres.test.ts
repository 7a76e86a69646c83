import { expect, test } from "vitest";
import { usePostgres } from "../nexios/src/postgres/database.fixture.ts";
import { startProgram } from "../test/child-process.ts";

const postgres = usePostgres();

async function run(url: string): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/migrate.ts"], { DATABASE_URL: url });
  return { code: await program.ended, lines: program.lines };
}

test("it makes the tables and says so; several at once make them once, and later there is nothing to do", async () => {
  const url = await postgres.newUrl();

  const runs = await Promise.all([run(url), run(url), run(url)]);
  const again = await run(url);

  expect([...runs, again].map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(runs.flatMap(({ lines }) => lines).filter((line) => line.startsWith("made 1"))).toEqual(["made 1: rooms, entries, outcomes, checkpoints, packs"]);
  expect(again.lines).toEqual(["nothing to do: the tables have form 2"]);
});

test("without a database it says what is missing, or that it can't be reached", async () => {
  const [unset, away] = [await run(""), await run("postgres://localhost/none?host=/nowhere")];

  expect([unset.code, away.code]).toEqual([1, 1]);
  expect([unset.lines[0], away.lines[0]]).toEqual([expect.stringContaining("DATABASE_URL is not set"), expect.stringContaining("can't be reached")]);
});
