import { connect, createServer, type Server, type Socket } from "node:net";

/** A way over TCP to a server of this machine, on which a test hears what the server says, and which it can cut. */
export class CuttableWire {
  readonly #serverPort: number;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  readonly #said: Buffer[] = [];
  #door = Promise.resolve();
  #isDeaf = false;
  #port = 0;

  constructor(serverPort: number) {
    this.#serverPort = serverPort;
    this.#listener = createServer((client) => void this.#door.then(() => this.#join(client)));
  }

  get port(): number {
    return this.#port;
  }

  /** All that has come from the server. */
  get said(): string {
    return Buffer.concat(this.#said).toString("latin1");
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#listener.listen(0, "127.0.0.1", resolve));
    const address = this.#listener.address();
    if (address !== null && typeof address === "object") this.#port = address.port;
  }

  /** What the server says is lost, up to the next cut. */
  deafen(): void {
    this.#isDeaf = true;
  }

  /** Cuts all connections. New ones wait until the function that it gives is called. */
  cut(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#door = promise;
    this.#isDeaf = false;
    for (const socket of this.#sockets) socket.destroy();
    return resolve;
  }

  close(): void {
    this.cut();
    this.#listener.close();
  }

  #join(client: Socket): void {
    const server = connect(this.#serverPort, "127.0.0.1");
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      // The close that follows tells what there is to tell.
      socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
    }
    client.on("data", (bytes) => server.write(bytes)).on("close", () => server.destroy());
    server
      .on("close", () => client.destroy())
      .on("data", (bytes: Buffer) => {
        if (this.#isDeaf) return;
        this.#said.push(bytes);
        client.write(bytes);
      });
  }
}
