import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A port that leads to another one, as a balancer's does. */
export interface Way {
  readonly port: number;
  /** New connections lead there from now on; `undefined`: nowhere. */
  leadTo(port: number | undefined): void;
  close(): Promise<void>;
}

export async function openWay(first: number): Promise<Way> {
  let target: number | undefined = first;
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    if (target === undefined) return void near.on("error", () => undefined).destroy();
    const far = connect(target, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other).on("error", () => other.destroy());
      one
        .on("error", () => other.destroy())
        .on("close", () => {
          open.delete(one);
          other.destroy();
        });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (port) => void (target = port),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
