import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const sources = join(root, "demo/web");
const builds = join(root, "node_modules/.cache/saleroom");
/** What the app is built from beside its own sources. */
const imported = ["demo/rooms", "nexios/patterns", ...["client", "contract", "protocol", "react", "world"].map((folder) => `nexios/src/${folder}`)].map(
  (path) => join(root, path),
);
const noSource = /[\\/](dist|node_modules)[\\/]|\.test\.tsx?$/;
const vite = join(root, "node_modules/vite/bin/vite.js");

/** The folder of the web app, built from the present sources; built once for each state of them. */
export async function buildWebApp(): Promise<string> {
  const folder = join(builds, await hashSources());
  if ((await readdir(folder).catch(() => [])).length > 0) return folder;
  await mkdir(builds, { recursive: true });
  const fresh = await mkdtemp(join(builds, "build-"));
  // The test runner's NODE_ENV would bring React's development build.
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [vite, "build", sources, "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"], { env });
  // Two workers may build at once: one of them comes first, and either build will do.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  return folder;
}

async function hashSources(): Promise<string> {
  const folders = await Promise.all([sources, ...imported].map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
  const files = folders
    .flat()
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256").update("production");
  for (const file of files.filter((path) => !noSource.test(path)).toSorted()) hash.update(file).update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}
