// Sizes that the browser pays for, gzip. Built files stand in demo/web/dist.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

interface Budget {
  readonly what: string;
  readonly extension: string;
  readonly limitBytes: number;
}

const budgets: readonly Budget[] = [
  { what: "scripts of the shell and its first page", extension: ".js", limitBytes: 90_000 },
  { what: "styles", extension: ".css", limitBytes: 12_000 },
];

const assets = join(import.meta.dirname, "../demo/web/dist/assets");
const files = readdirSync(assets);
for (const { what, extension, limitBytes } of budgets) {
  const bytes = files
    .filter((file) => file.endsWith(extension))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(assets, file)), { level: 9 }).length, 0);
  console.error(`  ${what}: ${(bytes / 1000).toFixed(1)} of ${limitBytes / 1000} kB`);
  if (bytes === 0 || bytes > limitBytes) process.exitCode = 1;
}
