import { join } from "node:path";
import type { Proxy, ProxyOptions } from "../../commands/services/proxy.ts";
import { type Client, type ClientLimits, createClient } from "nexios/client";
import { type Program, startProgram } from "../child-process.ts";
import { findPort } from "../../commands/services/find-port.ts";

/** Two processes of an app behind a proxy. */
export interface House {
  readonly proxy: Proxy;
  readonly ports: readonly [number, number];
  readonly processes: readonly Program[];
  /** A client that comes by this address, the proxy's unless given. */
  enter(user: string, options?: { readonly port?: number; readonly limits?: Partial<ClientLimits> }): Client;
  /** SIGTERM to a process; when it has ended it is started again. Gives its exit code. */
  restart(index: 0 | 1): Promise<number | null>;
  /** The proxy sends people to both processes. */
  untilBothServe(): Promise<void>;
  /** Everybody leaves. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

export interface HouseOptions {
  readonly start: (options: ProxyOptions) => Promise<Proxy>;
  readonly idleMs?: number;
  /** Settings of the processes: see `served-app.ts`. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function openHouse({ start, idleMs, env = {} }: HouseOptions): Promise<House> {
  const ports = [await findPort(), await findPort()] as const;
  const processes = await Promise.all(ports.map((port) => startProcess(port, env)));
  const proxy = await start({ appPorts: ports, ...(idleMs !== undefined && { idleMs }) });
  const clients: Client[] = [];
  const leave = async (): Promise<void> => void (await Promise.all(clients.splice(0).map((client) => client.close())));
  return {
    proxy,
    ports,
    processes,
    enter(user, { port = proxy.port, limits = {} } = {}) {
      const client = createClient({ url: `http://127.0.0.1:${port}/realtime`, token: () => user, limits });
      clients.push(client);
      return client;
    },
    async restart(index) {
      const code = await processes[index]!.stop("SIGTERM");
      processes[index] = await startProcess(ports[index], env);
      return code;
    },
    async untilBothServe() {
      const seen = new Set<unknown>();
      while (seen.size < 2) {
        const answer = await fetch(`${proxy.url}/where`);
        if (answer.ok) seen.add(((await answer.json()) as { port: number }).port);
      }
    },
    leave,
    async close() {
      await leave();
      await proxy.stop();
      await Promise.all(processes.map((process) => process.stop("SIGKILL")));
    },
  };
}

async function startProcess(port: number, env: Readonly<Record<string, string>>): Promise<Program> {
  const settings = { PORT: `${port}`, NEXIOS_SECRET: "x".repeat(32), ...env };
  const program = startProgram(process.execPath, ["--conditions=source", join(import.meta.dirname, "served-app.ts")], settings);
  await program.line(/^listens on/);
  return program;
}
