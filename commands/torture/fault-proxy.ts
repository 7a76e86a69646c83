import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../../nexios/src/world/clock.ts";
import { ProxyLink } from "./proxy-link.ts";

/** A line between clients and a server that a test cuts, holds up and lets go silent. */
export class FaultProxy {
  /** Where clients connect; the same for the proxy's whole life. */
  readonly port: number;
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #links = new Set<ProxyLink>();
  #target: number | undefined;

  private constructor(server: Server, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (client: Socket) => this.#open(client));
  }

  static async listen(clock: Clock): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return new FaultProxy(server, clock);
  }

  /** The connections that are open now. */
  get links(): readonly ProxyLink[] {
    return [...this.#links];
  }

  /** Where new connections go; while there is none they are reset. */
  aim(port: number | undefined): void {
    this.#target = port;
  }

  /** Ends all connections, and takes no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const link of this.#links) link.cut();
    await closed;
  }

  #open(client: Socket): void {
    client.on("error", ignore);
    if (this.#target === undefined) return void client.resetAndDestroy();
    const server = connect({ port: this.#target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const link = new ProxyLink(client, server, this.#clock);
    this.#links.add(link);
    void link.ended.then(() => this.#links.delete(link));
  }
}

/** The close that follows tells all there is to tell. */
function ignore(): void {}
