import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Page, root } from "./pages.ts";

/** One file of a program. */
interface SampleFile {
  /** From the program's folder. What stands in no named file is `program.ts`, or `program.tsx` where it has JSX. */
  readonly path: string;
  readonly code: string;
}

/** A program that a page shows, put together from its blocks. */
export interface Sample {
  /** As `docs/guide/groups.md 2`. */
  readonly name: string;
  readonly files: readonly SampleFile[];
}

const run = promisify(execFile);
const piece = /^<!-- (program|and|file (\S+))(?: |\n([\s\S]*?))-->$|^```(\w+)\n([\s\S]*?)^```$/gm;
const scripts: readonly (string | undefined)[] = ["ts", "tsx"];
const ofNode = { noEmit: true, customConditions: ["source"], types: ["node"] };
const ofPages = { ...ofNode, jsx: "react-jsx", lib: ["es2024", "esnext.collection", "esnext.disposable", "esnext.iterator", "dom", "dom.iterable"] };
/** A page's files have a browser's names, and of the others only what they import. */
const configs = [
  ["tsconfig.json", ".ts", ofNode],
  ["tsconfig.web.json", ".tsx", ofPages],
] as const;

/** A program that is being read: the text of its files by their names; that of its own by `undefined`. */
interface Reading {
  readonly texts: Map<string | undefined, string>;
  hasJsx: boolean;
}

/**
 * A page's programs. Each `ts` or `tsx` block goes into the current one; the comment `program` begins the next, the comment `file NAME` puts the next block, of whatever
 * language, into a file of its own, and all of them may hold lines that readers need not see, as may `and`.
 */
export function samplesOf({ path, text }: Page): readonly Sample[] {
  const programs: Reading[] = [];
  let file: string | undefined;
  for (const [, word, named, hidden = "", language, shown = ""] of text.matchAll(piece)) {
    if (language !== undefined && file === undefined && !scripts.includes(language)) continue;
    if (word === "program" || programs.length === 0) programs.push({ texts: new Map(), hasJsx: false });
    if (word !== undefined) file = named;
    const program = programs.at(-1);
    if (program === undefined) continue;
    program.texts.set(file, (program.texts.get(file) ?? "") + hidden + shown);
    program.hasJsx ||= file === undefined && language === "tsx";
    if (language !== undefined) file = undefined;
  }
  return programs.map(({ texts, hasJsx }, index) => ({
    name: `${path} ${index + 1}`,
    files: [...texts].map(([named, code]) => ({ path: named ?? (hasJsx ? "program.tsx" : "program.ts"), code })).filter(({ code }) => code !== ""),
  }));
}

/** Whether it does something by itself. What is for a browser, and what only shows a form, is compiled and no more. */
export function isRunnable({ files }: Sample): boolean {
  return files.some(({ path, code }) => path === "program.ts" && /from "(nexios|\.\/)/.test(code));
}

/** A folder in which samples find the package as this repository's other programs do. A program listens on a free port, whatever it says. */
export function makeSamplesFolder(samples: readonly Sample[]): string {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/docs-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const paths = samples.flatMap(({ files }) => files.map(({ path }) => path));
  for (const [config, ending, compilerOptions] of configs) {
    // Without a file it would be a mistake to the compiler.
    if (!paths.some((path) => path.endsWith(ending))) continue;
    writeFileSync(join(folder, config), JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, include: [`**/*${ending}`] }));
  }
  for (const sample of samples) {
    for (const { path, code } of sample.files) {
      const file = join(folder, folderOf(sample), path);
      mkdirSync(dirname(file), { recursive: true });
      const text = code.replaceAll("port: 3000", "port: 0");
      writeFileSync(file, path.startsWith("program.") ? `${text}\nexport {};\n` : text);
    }
  }
  return folder;
}

/** What the compiler says of all samples; empty when it agrees. */
export async function typeCheck(folder: string): Promise<string> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const said = configs
    .filter(([config]) => existsSync(join(folder, config)))
    .map(([config]) =>
      run(process.execPath, [tsc, "-p", config], { cwd: folder }).then(
        () => "",
        (error: { readonly stdout: string }) => error.stdout,
      ),
    );
  return (await Promise.all(said)).join("");
}

/** Runs a sample to its end, in a process and a folder of its own. Rejects with what it printed when it fails. */
export async function runSample(folder: string, sample: Sample): Promise<void> {
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  const cwd = join(folder, folderOf(sample));
  const settings = { ...env, NEXIOS_SECRET: "a secret for samples, of enough bytes", NEXIOS_DATA: join(cwd, ".data") };
  await run(process.execPath, ["--conditions=source", "program.ts"], { cwd, env: settings, timeout: 28_000, killSignal: "SIGKILL" });
}

function folderOf({ name }: Sample): string {
  return name.replaceAll(/\W+/g, "-");
}
