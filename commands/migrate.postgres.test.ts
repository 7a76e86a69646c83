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
  const made = runs.flatMap(({ lines }) => lines).filter((line) => line.startsWith("made "));
  expect(made.filter((line) => line.startsWith("made 1"))).toEqual(["made 1: rooms, entries, outcomes, checkpoints, packs"]);
  expect(made.filter((line) => /^made [a-z]+ 1: /.test(line)).toSorted()).toEqual([
    "made activity 1: events and counts",
    "made dashboard 1: windows",
    "made saleroom 1: who leads a lot",
  ]);
  expect(again.lines).toEqual(["nothing to do: the tables have form 3"]);
});

test("without a database it says what is missing, what is no address of one, or why it can't be reached", async () => {
  const programs = [await run(""), await run("hello"), await run("postgres://localhost/none?host=/nowhere")];

  expect(programs.map(({ code }) => code)).toEqual([1, 1, 1]);
  expect(programs.map(({ lines }) => lines[0])).toEqual([
    expect.stringContaining("DATABASE_URL is not set"),
    expect.stringContaining('begins with "postgres://"'),
    expect.stringMatching(/can't be reached: connect ENOENT/),
  ]);
});
