import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, root } from "./pages.ts";

/** The text of a file, by its path from the root. */
export function readSource(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The interfaces that a page has a heading for, each with the file below the folders that declares it. */
export function interfacesOf(text: string, ...folders: readonly string[]): readonly { readonly name: string; readonly file: string }[] {
  const names = [...text.matchAll(/^### `(\w+)`$/gm)].map((match) => match[1]!);
  const files = folders.flatMap((folder) => filesBelow(folder, ".ts"));
  return names.map((name) => ({
    name,
    file: files.find((file) => new RegExp(`export interface ${name}[ <]`).test(readSource(file))) ?? `(no file declares ${name})`,
  }));
}

/** The fields of an interface, in their order. */
export function fieldsOf(source: string, name: string): readonly string[] {
  return [...bodyOf(source, name).matchAll(/^ {2}readonly (\w+)\??:/gm)].map((match) => match[1]!);
}

/** The fields and methods of an interface, in their order. */
export function membersOf(source: string, name: string): readonly string[] {
  return [...bodyOf(source, name).matchAll(/^ {2}(?:readonly )?(\w+)\??[:(<]/gm)].map((match) => match[1]!);
}

function bodyOf(source: string, name: string): string {
  return new RegExp(`export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(source)?.[1] ?? "";
}
