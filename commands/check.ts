// `npm run check`: everything that must hold before a commit. `--without-tests` leaves the tests to `npm test`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const { values } = parseArgs({ options: { "without-tests": { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
if (values.help) {
  console.log("npm run check [-- --without-tests]\nFormat, lint with the table of layers, types, unused code, build and budgets, packaging, tests.");
  process.exit(0);
}

const root = join(import.meta.dirname, "..");
const node = (script: string): readonly [string, ...string[]] => [process.execPath, "--conditions=source", script];
const steps: readonly Step[] = [
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "lint", command: ["oxlint"] },
  { name: "types", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "types of the web app", command: ["tsc", "-p", "demo/web/tsconfig.json"] },
  { name: "types of its build", command: ["tsc", "-p", "demo/web/tsconfig.build.json"] },
  { name: "unused code", command: ["knip"] },
  { name: "web app", command: ["vite", "build", "demo/web", "--logLevel", "warn"] },
  { name: "budgets", command: node("commands/check-budgets.ts") },
  { name: "package", command: node("commands/check-package.ts") },
  { name: "public surface", command: node("commands/check-surface.ts") },
  ...(values["without-tests"] ? [] : [{ name: "tests", command: node("test/run.ts") }]),
];

for (const [index, { name, command }] of steps.entries()) {
  console.error(`[${index + 1}/${steps.length}] ${name}`);
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: "inherit", cwd: root });
  const code = await new Promise<number>((resolve) => {
    child.on("error", () => resolve(127));
    child.on("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0) {
    console.error(`check: "${name}" failed; run it alone with: npx ${command.join(" ")}`);
    process.exit(1);
  }
}
