import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The repository's root. */
export const root = join(import.meta.dirname, "../..");

/** A document of the project, by its path from the root. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

const topPages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "nexios/README.md"];

/** All documents. */
export function readPages(): readonly Page[] {
  const inDocs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  return [...topPages, ...inDocs.map((name) => join("docs", name)).toSorted()].map(readPage);
}

/** One document. */
export function readPage(path: string): Page {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

/** What a page shows of links: targets as written, those inside code left out. */
export function linksOf({ text }: Page): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
}

/** The names by which GitHub links to a page's headings. */
export function anchorsOf({ text }: Page): readonly string[] {
  return [...withoutBlocks(text).matchAll(/^#+ +(.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The rows of all tables under a heading, each cell as written. Without a heading: of the whole page. */
export function rowsOf({ text }: Page, heading?: string): readonly (readonly string[])[] {
  const section = heading === undefined ? text : sectionOf(text, heading);
  const lines = withoutBlocks(section).split("\n");
  return lines
    .filter((line, index) => line.startsWith("|") && !isRule(line) && !isRule(lines[index + 1] ?? ""))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** What stands between backticks. */
export function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}

/** All files below a folder whose names end so, by their paths from the root. */
export function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !/node_modules|[/\\]dist/.test(entry.parentPath))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function sectionOf(text: string, heading: string): string {
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`There is no heading "${heading}"`);
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const rest = text.slice(from + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, "m"));
  return end < 0 ? rest : rest.slice(0, end);
}

function isRule(line: string): boolean {
  return /^\|[\s:|-]+\|$/.test(line);
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/<!--[\s\S]*?-->/g, "");
}

function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/`[^`\n]*`/g, "");
}
