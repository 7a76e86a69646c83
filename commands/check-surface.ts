// The public surface: what the package's entries declare, in one file that is checked in, so that a change of it shows in a review. `--write` writes it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const dist = join(import.meta.dirname, "../nexios/dist");
const file = join(import.meta.dirname, "../nexios/surface.d.txt");
const entries = [
  "index",
  "client/index",
  "client/binary-wire",
  "contract/index",
  "postgres/index",
  "react/index",
  "simulation/index",
  "testing/index",
  "patterns/activity/index",
  "patterns/activity/server",
  "patterns/activity/client",
  "patterns/alerts/index",
  "patterns/alerts/server",
  "patterns/collab/index",
  "patterns/collab/server",
  "patterns/collab/client",
  "patterns/auction/index",
  "patterns/auction/server",
  "patterns/dashboard/index",
  "patterns/dashboard/server",
  "patterns/notifications/index",
  "patterns/notifications/server",
  "patterns/notifications/client",
].map((name) => `${name}.d.ts`);

const seen = new Set<string>();
const parts: string[] = [];
for (const entry of entries) visit(join(dist, entry));
const surface = parts.join("\n");

if (process.argv.includes("--write")) {
  writeFileSync(file, surface);
} else if (surface !== readCheckedIn()) {
  console.error("  the public surface has changed: if that is meant, run `npm run surface` and check in nexios/surface.d.txt");
  process.exitCode = 1;
}

/** Declarations in the order in which an entry reaches them. */
function visit(path: string): void {
  if (seen.has(path)) return;
  seen.add(path);
  const text = readFileSync(path, "utf8");
  parts.push(`// ${relative(dist, path)}\n${text}`);
  for (const [, target = ""] of text.matchAll(/from "(\.[^"]+)\.(?:js|ts)"/g)) visit(`${resolve(dirname(path), target)}.d.ts`);
}

function readCheckedIn(): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Not there yet: then everything has changed.
    return "";
  }
}
