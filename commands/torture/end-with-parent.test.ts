import { expect, test } from "vitest";
import { startProgram } from "../../test/child-process.ts";

const module = JSON.stringify(new URL("./end-with-parent.ts", import.meta.url).href);
/** A child that would run for ever, and shares its output with its parent: nobody sees the output's end before both are gone. */
const child = `const { endWithParent } = await import(${module}); endWithParent(); setInterval(() => {}, 1_000_000); console.log("the child runs");`;
const parent = `import { spawn } from "node:child_process";
  spawn(process.execPath, ["--input-type=module", "-e", ${JSON.stringify(child)}], { stdio: ["ignore", "inherit", "inherit", "ipc"] });`;

test("a child ends when its parent is killed", async () => {
  const program = startProgram(process.execPath, ["--input-type=module", "-e", parent]);
  await program.line(/the child runs/);

  const code = await program.stop("SIGKILL");

  expect(code).toBeNull();
});

test("a child whose parent is gone before it looks ends at once", async () => {
  const program = startProgram(process.execPath, ["--input-type=module", "-e", child]);

  expect(await program.ended).toBe(1);
});
