import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgram } from "../child-process.ts";

test("a forged token is refused without a file opened or an address asked, whatever its header names", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexios-forge-"));
  const output = join(folder, "trace");

  const program = startProgram("strace", [
    "-f",
    "-e",
    "trace=openat,open,stat,statx,connect,socket,write",
    "-o",
    output,
    process.execPath,
    "--conditions=source",
    "test/wire/forge.ts",
  ]);
  await program.ended;
  const lines = readFileSync(output, "utf8").split("\n");
  rmSync(folder, { recursive: true });
  const begin = lines.findIndex((line) => line.includes('write(1, "begin'));
  const end = lines.findIndex((line) => line.includes('write(1, "end'));

  expect(program.lines).toContain("end 8 of 8");
  expect(begin).toBeGreaterThan(0);
  // The C library asks the kernel how many processors there are when a thread begins; no header names those.
  const asked = lines.slice(begin, end).filter((line) => /(openat|open|stat|statx|connect|socket)\(/.test(line) && !/"\/(sys|proc)\//.test(line));
  expect(asked).toEqual([]);
});
