import { createServer as createTcpServer } from "node:net";

/** A port that nobody has now. */
export function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const listening = createTcpServer().listen(0, "127.0.0.1", () => {
      const { port } = listening.address() as { readonly port: number };
      listening.close(() => resolve(port));
    });
  });
}
