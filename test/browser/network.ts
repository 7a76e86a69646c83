import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The network between a browser and a server, which a test can break. It forwards bytes and knows nothing of them. */
export class Network {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isHeld = false;
  #isDown = false;

  private constructor(port: number) {
    this.#server = createServer((near) => {
      if (this.#isDown) return void near.resetAndDestroy();
      const far = connect(port, "127.0.0.1");
      this.#add(near, far);
      this.#add(far, near);
    });
  }

  /** A network to what listens on `port`, now or later. */
  static async open(port: number): Promise<Network> {
    const network = new Network(port);
    network.#server.listen(0, "127.0.0.1");
    await once(network.#server, "listening");
    return network;
  }

  /** Where a browser finds the server. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on no byte comes through in either direction, and nobody is told. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What was held comes through. */
  release(): void {
    this.#isHeld = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Breaks every connection, and refuses new ones. */
  cut(): void {
    this.#isDown = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.#isDown = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #add(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on("data", (bytes) => other.write(bytes));
    socket.on("end", () => other.end());
    // A broken connection is what this network is for: its close tells the other side.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
    if (this.#isHeld) socket.pause();
  }
}
