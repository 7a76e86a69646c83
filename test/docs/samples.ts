import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Page, root } from "./pages.ts";

/** A program that a page shows, put together from its `ts` blocks. */
export interface Sample {
  /** As `docs/guide/groups.md 2`. */
  readonly name: string;
  readonly code: string;
}

const run = promisify(execFile);
const piece = /^<!-- (program|and)(?: |\n([\s\S]*?))-->$|^```ts\n([\s\S]*?)^```$/gm;
const compilerOptions = { noEmit: true, customConditions: ["source"], types: ["node"] };

/**
 * A page's programs. Each `ts` block goes into the current one; the comment `program` begins the next, and `program` and `and` may hold lines that readers need not see.
 * A program listens on a free port, whatever it says.
 */
export function samplesOf({ path, text }: Page): readonly Sample[] {
  const programs: string[] = [];
  for (const [, word, hidden = "", shown = ""] of text.matchAll(piece)) {
    if (word === "program" || programs.length === 0) programs.push("");
    programs.push(programs.pop() + hidden + shown);
  }
  return programs.map((code, index) => ({ name: `${path} ${index + 1}`, code: code.replaceAll("port: 3000", "port: 0") }));
}

/** A folder in which samples find the package as this repository's other programs do. */
export function makeSamplesFolder(samples: readonly Sample[]): string {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/docs-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts"] }));
  for (const { name, code } of samples) writeFileSync(join(folder, fileOf(name)), `${code}\nexport {};\n`);
  return folder;
}

/** What the compiler says of all samples; empty when it agrees. */
export async function typeCheck(folder: string): Promise<string> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const result = run(process.execPath, [tsc, "-p", folder], { cwd: folder });
  return result.then(
    () => "",
    (error: { readonly stdout: string }) => error.stdout,
  );
}

/** Runs a sample to its end, in a process and an empty folder of its own. Rejects with what it printed when it fails. */
export async function runSample(folder: string, { name }: Sample): Promise<void> {
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  const settings = { ...env, NEXIOS_SECRET: "a secret for samples, of enough bytes", NEXIOS_DATA: join(folder, `${fileOf(name)}.data`) };
  await run(process.execPath, ["--conditions=source", join(folder, fileOf(name))], { cwd: folder, env: settings, timeout: 20_000, killSignal: "SIGKILL" });
}

function fileOf(name: string): string {
  return `${name.replaceAll(/\W+/g, "-")}.ts`;
}
