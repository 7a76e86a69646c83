import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);
const compressible = new Set([".html", ".js", ".css", ".svg", ".json", ".txt"]);

/** Writes `.gz` and `.br` beside each text file of a build, so that the server compresses nothing while it serves. */
export function precompress(): Plugin {
  let folder = "dist";
  return {
    name: "saleroom:precompress",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && compressible.has(extname(entry.name)));
      await Promise.all(files.map((entry) => compress(join(entry.parentPath, entry.name))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const plain = await readFile(file);
  const [gz, br] = await Promise.all([gzipAsync(plain, { level: 9 }), brotliAsync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } })]);
  await Promise.all([writeFile(`${file}.gz`, gz), writeFile(`${file}.br`, br)]);
}
