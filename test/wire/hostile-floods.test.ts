import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Limits, NexiosApp } from "nexios";
import { connect, HandshakeRefused, type Peer } from "nexios/testing";
import { expect, test } from "vitest";
import { calm } from "./calm-load.ts";
import { clientFrame, closeCodeOf, opcodes } from "./client-frames.ts";
import { openRaw, openRawWebSocket, type RawSocket, turn, upgradeHead } from "./raw-socket.ts";

const secret = "a secret of thirty-two bytes at least";

test("while 500 sockets say their requests as slowly as they can, a good client gets in, and all of them are let go", async () => {
  const { app, url, port } = await house({ headersMs: 400 });
  const slow: RawSocket[] = [];
  for (let at = 0; at < 500; at++) {
    const raw = await openRaw(port);
    await raw.write(upgradeHead("/").slice(0, at % 2 === 0 ? 40 : -2));
    slow.push(raw);
  }

  const peer = await connect(url, "/");
  peer.sendText("in");
  const answer = await peer.next();
  const endings = await Promise.all(slow.map(({ ended }) => ended));

  expect(answer).toBe("in");
  expect(endings.every((text) => text === "" || text.startsWith("HTTP/1.1 408 "))).toBe(true);
  expect(app.connectionCount).toBe(1);
  peer.close();
  await app.stop();
});

test("a slow handshake of one is no handshake of another: bytes of it hold no place", async () => {
  const { app, url, port } = await house({ connections: 1 });
  const slow = await Promise.all(Array.from({ length: 50 }, () => openRaw(port)));
  for (const raw of slow) await raw.write("GET / HTTP/1.1\r\n");

  const peer = await connect(url, "/");
  peer.sendText("in");

  expect(await peer.next()).toBe("in");
  for (const raw of slow) raw.destroy();
  peer.close();
  await app.stop();
});

test("a flood of connections from one address: as many as its limits allow are taken and served, the others are told 503 and when to come", async () => {
  const { app, url } = await house({ connectionsPerAddress: 50, connectsPerAddress: { perSecond: 20, burst: 200 } });

  const outcomes = await Promise.allSettled(Array.from({ length: 400 }, () => connect(url, "/")));
  const peers = outcomes.filter((outcome) => outcome.status === "fulfilled").map(({ value }) => value);
  const refusals = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }): unknown => reason);
  const answers = await Promise.all(peers.map((peer) => asked(peer, "?")));

  expect(peers).toHaveLength(50);
  expect(answers.every((answer) => answer === "?")).toBe(true);
  for (const refusal of refusals) {
    expect(refusal).toBeInstanceOf(HandshakeRefused);
    expect(refusal).toMatchObject({ status: 503, headers: { "retry-after": expect.stringMatching(/^[1-9]\d*$/) } });
  }
  await app.stop();
});

test("a flood of messages: its sender is closed with 4529, and a good client is answered all the while", async () => {
  const { app, url, port } = await house({ floodMs: 150 });
  const flood = await openRawWebSocket(port);
  const good = await connect(url, "/");
  const messages = Buffer.concat(Array.from({ length: 500 }, () => clientFrame(opcodes.text, "x".repeat(100))));
  const flooding = new AbortController();

  const flooded = (async () => {
    while (!flood.over && closeCodeOf(flood.frames.slice(-1)) === undefined) {
      await flood.write(messages);
      await turn();
    }
    flooding.abort();
  })();
  const answers: unknown[] = [];
  while (!flooding.signal.aborted && answers.length < 90) answers.push(await asked(good, "still here"));
  await flooded;
  await flood.until(({ frames, over }) => over || closeCodeOf(frames) !== undefined);

  expect([4529, undefined]).toContain(closeCodeOf(flood.frames));
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.every((answer) => answer === "still here")).toBe(true);
  while (app.connectionCount > 1) await turn();
  expect(await asked(good, "after it")).toBe("after it");
  flood.destroy();
  await app.stop();
});

test.skipIf(process.platform === "win32")("a server that has run out of file descriptors lives on, and takes connections again once it has some", async () => {
  const program = join(import.meta.dirname, "few-descriptors.ts");
  const child = spawn("sh", ["-c", 'ulimit -n 64 && exec "$0" --conditions=source "$1"', process.execPath, program], { stdio: ["ignore", "pipe", "pipe"] });
  const said: Buffer[] = [];
  child.stderr.on("data", (part: Buffer) => said.push(part));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(line.toString());
  const url = `http://127.0.0.1:${port}`;

  const crowd = await Promise.allSettled(Array.from({ length: 120 }, () => connect(url, "/")));
  const inside = crowd.filter((outcome) => outcome.status === "fulfilled").map(({ value }) => value);
  const answers = await Promise.all(inside.map((peer) => asked(peer, "?")));
  for (const peer of inside) peer.close();
  await Promise.all(inside.map(({ closed }) => closed));
  const again = await firstToGetIn(url);
  const answer = await asked(again, "again");
  child.kill("SIGTERM");
  const [code] = (await once(child, "close")) as [number | null];

  expect(inside.length).toBeGreaterThan(5);
  expect(inside.length).toBeLessThan(64);
  expect(answers.every((text) => text === "?")).toBe(true);
  expect(answer).toBe("again");
  expect(Buffer.concat(said).toString()).toBe("");
  expect(code).toBe(0);
});

async function house(limits: Partial<Limits>): Promise<{ app: NexiosApp; url: string; port: number }> {
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    for (;;) await ws.sendText(await ws.receiveText());
  });
  return { app, ...(await app.listen({ port: 0 })) };
}

async function asked(peer: Peer, question: string): Promise<unknown> {
  peer.sendText(question);
  return peer.next();
}

/** What the kernel has queued of the crowd is refused before anybody else comes. */
async function firstToGetIn(url: string): Promise<Peer> {
  for (;;) {
    try {
      return await connect(url, "/");
    } catch (error) {
      if (error instanceof HandshakeRefused) throw error;
    }
  }
}
