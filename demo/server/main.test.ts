import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Program, startProgram } from "../../test/child-process.ts";

let folder: string;
let programs: Program[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-main-"));
});

afterEach(async () => {
  for (const program of programs) if (program.child.exitCode === null && program.child.signalCode === null) await program.stop("SIGKILL");
  programs = [];
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): Program {
  const program = startProgram(process.execPath, ["--conditions=source", "demo/server/main.ts"], { PORT: "0", NEXIOS_DATA: folder, NODE_ENV: "", ...env });
  programs.push(program);
  return program;
}

async function startOpen(): Promise<{ program: Program; url: string }> {
  const program = start();
  const [, url = ""] = await program.line(/^The Saleroom is open: (\S+)$/);
  return { program, url };
}

test("it prints one address, and answers there", async () => {
  const { program, url } = await startOpen();

  const response = await fetch(`${url}/activity/summary`);

  expect(response.status).toBe(200);
  expect(program.lines.filter((line) => line.includes("http://"))).toEqual([`The Saleroom is open: ${url}`]);
});

test("a port that is in use is said in one sentence, and the exit code is 1", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const program = start({ PORT: String(port) });

  const [code] = (await once(program.child, "close")) as [number];

  const sentences = program.lines.filter((line) => !line.startsWith("{"));
  expect(code).toBe(1);
  expect(sentences).toEqual([
    `PORT_IN_USE: Port ${port} of 127.0.0.1 is in use: listen on another one (PORT, unless the program says which), or stop what listens there`,
  ]);
  other.close();
});

test("without a secret in production it does not start, and says what to set", async () => {
  const program = start({ NODE_ENV: "production", NEXIOS_SECRET: "" });

  const [code] = (await once(program.child, "close")) as [number];

  expect(code).toBe(1);
  expect(program.lines.filter((line) => line.startsWith("SECRET_MISSING: Set NEXIOS_SECRET"))).toHaveLength(1);
});

test("what is no address of a proxy is said in one sentence", async () => {
  const program = start({ TRUSTED_PROXIES: "127.0.0.1, my-proxy" });

  const code = await program.ended;

  expect(code).toBe(1);
  expect(program.lines.filter((line) => !line.startsWith("{"))).toEqual(['TRUSTED_PROXIES: "my-proxy" is neither an address nor a range such as 10.0.0.0/8']);
});

test("behind a proxy that it trusts, people are told apart by the addresses that the proxy gives", async () => {
  const [behind, alone] = [start({ TRUSTED_PROXIES: "10.0.0.0/8, 127.0.0.1" }), start({ NEXIOS_DATA: join(folder, "alone") })];

  const refused = await Promise.all([behind, alone].map(async (program) => countRefused((await program.line(/^The Saleroom is open: (\S+)$/))[1]!)));

  expect(refused[0]).toBe(0);
  expect(refused[1]).toBeGreaterThan(0);
});

test("SIGTERM stops it with exit code 0, and what it kept is there when it is started again", async () => {
  const { program, url } = await startOpen();
  const event = { id: "visit-1", type: "request", visitor: "ann", path: "/" };
  await fetch(`${url}/activity`, { method: "POST", body: JSON.stringify({ events: [event] }) });

  const code = await program.stop("SIGTERM");
  const again = await startOpen();
  const summary = await fetch(`${again.url}/activity/summary`);

  expect(code).toBe(0);
  expect(await summary.json()).toMatchObject({ requests: 1 });
});

test("a request that never ends does not keep it: after the deadline it is gone", async () => {
  const { program, url } = await startOpen();
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.write("POST /activity HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
  await fetch(`${url}/activity/summary`);

  const code = await program.stop("SIGTERM");

  expect(code).toBe(0);
  socket.destroy();
});

test("a second signal ends it at once", async () => {
  const { program, url } = await startOpen();
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.write("POST /activity HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
  await fetch(`${url}/activity/summary`);

  program.child.kill("SIGTERM");
  await isNotReady(url);
  const code = await program.stop("SIGTERM");

  expect(code).toBe(143);
  socket.destroy();
});

/** Of connections, a person each, how many are refused since others have come from the same address: far more than one address may open at once. */
async function countRefused(url: string): Promise<number> {
  let refused = 0;
  for (let person = 1; person <= 250; person++) {
    const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
    const asked = request(`${url}/realtime`, { headers: { ...headers, "x-forwarded-for": `192.0.2.${person}` } }).end();
    const isIn = await new Promise<boolean>((resolve, reject) => {
      asked.on("error", reject).on("response", () => resolve(false));
      asked.on("upgrade", (_answer, socket) => {
        socket.destroy();
        resolve(true);
      });
    });
    if (!isIn) refused++;
    asked.destroy();
  }
  return refused;
}

/** Which process serves there now. */
async function processOf(url: string): Promise<number> {
  const opened = await fetch(`${url}/api/session`, { method: "POST", body: JSON.stringify({ name: "Ann" }) });
  const { token } = (await opened.json()) as { token: string };
  const told = await fetch(`${url}/api/trouble`, { headers: { authorization: `Bearer ${token}` } });
  return ((await told.json()) as { process: number }).process;
}

test("a server that dies is started again at the same address, with what it had kept", async () => {
  const { program, url } = await startOpen();
  const event = { id: "visit-1", type: "request", visitor: "ann", path: "/" };
  await fetch(`${url}/activity`, { method: "POST", body: JSON.stringify({ events: [event] }) });
  const before = await processOf(url);

  process.kill(before, "SIGKILL");
  const [, again] = await program.line(/^The Saleroom is open again: (\S+)$/);
  const summary = await (await fetch(`${url}/activity/summary`)).json();
  const after = await processOf(url);

  expect(again).toBe(url);
  expect(summary).toMatchObject({ requests: 1 });
  expect(after).not.toBe(before);
  expect(await program.stop("SIGTERM")).toBe(0);
});

test("a server that dies again and again is not started any more, and the exit code tells how it died", async () => {
  const { program, url } = await startOpen();

  for (let death = 1; death <= 3; death++) {
    process.kill(await processOf(url), "SIGKILL");
    if (death < 3) await waitForLines(program, /^The Saleroom is open again/, death);
  }
  const code = await program.ended;

  expect(code).toBe(137);
  expect(program.lines).toContain("The server has died 3 times within 30 s: it is not started again");
});

test("the server does not outlive what watches over it", async () => {
  const { program, url } = await startOpen();

  await program.stop("SIGKILL");

  await expect(refusesConnections(Number(new URL(url).port))).resolves.toBeUndefined();
});

test("in production nothing watches over it: the process is the server", async () => {
  const program = start({ NODE_ENV: "production", NEXIOS_SECRET: "a secret of the test, long enough to be one" });
  const [, url = ""] = await program.line(/^The Saleroom is open: (\S+)$/);

  expect(await processOf(url)).toBe(program.child.pid);
});

/** Resolves when so many lines match. */
function waitForLines({ child, lines }: Program, pattern: RegExp, count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (lines.filter((line) => pattern.test(line)).length >= count) resolve();
    };
    // Behind whoever makes lines of it.
    child.stdout?.on("data", () => setImmediate(look));
    look();
  });
}

/** Resolves when nothing listens there any more: the first signal has then been taken. */
/** Until it says that it stops: it says so as long as it stops. */
async function isNotReady(url: string): Promise<void> {
  while ((await fetch(`${url}/health/ready`)).status !== 503);
}

async function refusesConnections(port: number): Promise<void> {
  for (;;) {
    const probe = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      probe.once("connect", () => resolve(true));
      probe.once("error", () => resolve(false));
    });
    probe.destroy();
    if (!isOpen) return;
  }
}
