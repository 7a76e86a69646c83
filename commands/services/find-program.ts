import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program of this machine: the one that the setting of its name says (`REDIS_SERVER` for `redis-server`), or that of the PATH; `undefined` where there is none. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env[name.toUpperCase().replaceAll("-", "_")];
  // Debian has servers in `sbin`, which is not on everybody's PATH.
  const found = (env["PATH"] ?? "").split(delimiter).flatMap((folder) => (folder === "" ? [] : [join(folder, name), join(folder, "../sbin", name)]));
  return [...(named === undefined ? [] : [named]), ...found].find(isExecutable);
}

/** Whether a file is there and may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run.
    return false;
  }
}
