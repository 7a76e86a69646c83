import { findProgram } from "./find-program.ts";
import { type Proxy, type ProxyOptions, startProxy } from "./proxy.ts";

/** Starts HAProxy by `docs/deploy/haproxy.cfg`. */
export function startHaproxy(options: ProxyOptions): Promise<Proxy> {
  const program = findProgram("haproxy");
  if (program === undefined) throw new Error("There is no haproxy here: apt-get install haproxy, or set HAPROXY to the program");
  return startProxy(
    {
      program,
      name: "haproxy",
      configuration: "haproxy.cfg",
      // -db: in the foreground.
      args: (_folder, file) => ["-db", "-f", file],
      replacements: ({ port, appPorts: [first, second], idleMs }) => [
        ["bind :80\n", `bind 127.0.0.1:${port}\n`],
        ["app-1:3001", `127.0.0.1:${first}`],
        ["app-2:3002", `127.0.0.1:${second}`],
        ...(idleMs === undefined ? [] : [["timeout tunnel 60s", `timeout tunnel ${idleMs}ms`] as const]),
      ],
    },
    options,
  );
}
