import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Between a client and PostgreSQL: cuts a connection when the server says a word, which the client then never hears. */
export interface CuttingProxy {
  readonly url: string;
  /** Cuts once, at the next answer that has this word; resolves when it has. */
  cutAt(word: string): Promise<void>;
  /** Keeps back the client's next message that has this word, and all that comes later; resolves when it has. The client hears nothing of what becomes of the server. */
  holdAt(word: string): Promise<void>;
  /** Cuts the connections that are held. */
  cutHeld(): void;
  close(): Promise<void>;
}

/** `url`: of the server, by a Unix socket. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const to = new URL(url);
  const target = join(to.searchParams.get("host") ?? "", ".s.PGSQL.5432");
  const folder = mkdtempSync(join(tmpdir(), "nexios-proxy-"));
  const sockets = new Set<Socket>();
  const held = new Set<Socket>();
  let holding: { readonly word: string; readonly done: () => void } | undefined;
  let armed: { readonly word: string; readonly done: () => void } | undefined;
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("data", (bytes) => {
      if (holding !== undefined && bytes.includes(holding.word)) {
        holding.done();
        holding = undefined;
        held.add(client);
      }
      if (!held.has(client)) upstream.write(bytes);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => void (held.has(client) || client.destroy()));
    upstream.on("data", (bytes) => {
      if (armed === undefined || !bytes.includes(armed.word)) return void client.write(bytes);
      armed.done();
      armed = undefined;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, ".s.PGSQL.5432"), resolve));
  to.searchParams.set("host", folder);
  return {
    url: to.href,
    cutAt: (word) => new Promise((done) => (armed = { word, done })),
    holdAt: (word) => new Promise((done) => (holding = { word, done })),
    cutHeld() {
      for (const socket of held) socket.destroy();
      held.clear();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
