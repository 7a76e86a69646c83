import { randomUUID } from "node:crypto";
import type { AppOptions, NexiosApp } from "nexios";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ActivityRequest, toActivityEvent } from "../../demo/server/activity-request.ts";
import { createSaleroom, type SaleroomOptions } from "../../demo/server/saleroom.ts";
import { calm } from "../wire/calm-load.ts";
import { buildWebApp } from "./built-web.ts";
import { Network } from "./network.ts";

/** The real server with the built web app, behind a network that can be broken. */
export interface House {
  readonly app: NexiosApp;
  readonly network: Network;
  /** Where browsers find it: through the network. */
  readonly url: string;
  /** Ends this server; browsers find nothing until `restart`. */
  stop(): Promise<void>;
  /** A new server on the same port, with the same folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(options: AppOptions & Pick<SaleroomOptions, "maySee" | "robots"> = {}): Promise<House> {
  const webFolder = await buildWebApp();
  const dataFolder = await mkdtemp(join(tmpdir(), "nexios-house-"));
  const start = async (port: number): Promise<{ app: NexiosApp; port: number }> => {
    const app = createSaleroom({ load: calm, ...options, dataFolder, webFolder });
    return { app, port: (await app.listen({ port })).port };
  };
  let { app, port } = await start(0);
  const network = await Network.open(port);
  return {
    get app() {
      return app;
    },
    network,
    url: network.url,
    stop: () => app.stop({ deadlineMs: 200 }),
    async restart() {
      ({ app, port } = await start(port));
    },
    async close() {
      await network.close();
      await app.stop({ deadlineMs: 200 });
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Tells the server of requests to a site, as a recorder does. */
export async function postActivity(url: string, requests: readonly Partial<ActivityRequest>[]): Promise<void> {
  const events = requests.map((request) =>
    toActivityEvent({ at: Date.now(), visitor: "10.0.0.1", method: "GET", path: "/", status: 200, ...request }, randomUUID()),
  );
  const response = await fetch(`${url}/activity`, { method: "POST", body: JSON.stringify({ events }) });
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
}
