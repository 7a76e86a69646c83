import { auth, NexiosApp } from "nexios";
import { connect } from "nexios/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { calm } from "./calm-load.ts";
import { collectReports } from "./collect-reports.ts";
import { answerTo, openRaw } from "./raw-socket.ts";

const lifted = { connectionsPerAddress: Infinity, connectsPerAddress: { perSecond: Infinity, burst: Infinity } };
const app = new NexiosApp({ auth: { jwt: { secret: "x".repeat(32) } }, load: calm, limits: lifted });
let handled = 0;
app.wsRoute("/room/{id}", async (ws) => {
  handled++;
  await ws.accept();
  await ws.receiveText();
});
app.wsRoute("/guarded", auth(["jwt"]), async (ws) => {
  await ws.accept();
});
app.get("/plain", (c) => {
  handled++;
  return c.text("plain");
});
let port = 0;
beforeAll(async () => {
  ({ port } = await app.listen({ port: 0 }));
});
afterAll(() => app.stop());

/** The parts of a good upgrade; a defect replaces some of them. */
interface Head {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly lines: readonly string[];
  readonly body: string;
}

type Defect = (head: Head, random: () => number) => Head;

const good: Head = {
  method: "GET",
  target: "/room/1",
  version: "HTTP/1.1",
  lines: ["Host: localhost", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="],
  body: "",
};

const without = (head: Head, name: string): readonly string[] => head.lines.filter((line) => !line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
const oneOf = <Value>(values: readonly Value[], random: () => number): Value => values[Math.floor(random() * values.length)]!;
const line =
  (name: string, values: readonly (string | undefined)[]): Defect =>
  (head, random) => {
    const value = oneOf(values, random);
    return { ...head, lines: [...without(head, name), ...(value === undefined ? [] : [`${name}: ${value}`])] };
  };
const extra =
  (lines: readonly string[]): Defect =>
  (head, random) => ({ ...head, lines: [...head.lines, oneOf(lines, random)] });
const junk = (random: () => number, bytes: number): string => String.fromCharCode(...Array.from({ length: bytes }, () => Math.floor(random() * 256)));

const defects: Readonly<Record<string, Defect>> = {
  method: (head, random) => ({
    ...head,
    method: oneOf(["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "G E T", "", "\0", "GETGETGETGET"], random),
  }),
  target: (head, random) => ({
    ...head,
    target: oneOf(
      [
        "*",
        "",
        "room/1",
        "http://evil.example/room/1",
        "//evil.example/room/1",
        "/room/1?token=x",
        "/room/1?a=eyJh.eyJz.x",
        "/room",
        "/room/",
        "/room/1/2",
        "/ROOM/1",
        "/guarded",
        "/plain",
        "/room/\0",
        "/room/ 1",
        `/${"a".repeat(9_000)}`,
        `/${"../".repeat(500)}room/x/1`,
      ],
      random,
    ),
  }),
  version: (head, random) => ({
    ...head,
    version: oneOf(["HTTP/0.9", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/3", "HTTP", "HTTPS/1.1", "http/1.1", "HTTP/1.1.1", "", "\xff"], random),
  }),
  host: line("Host", [undefined, "a b", "x/../y", "user@localhost", "localhost?x", "localhost#x", "evil\\localhost", "l\xf6calhost", ""]),
  upgrade: line("Upgrade", [undefined, "", "h2c", "websockets", "websocket/13", "websocket, h2c", "h2c, websocket", "\0"]),
  connection: line("Connection", [undefined, "", "close", "keep-alive", "Upgrad", "Upgrade2"]),
  key: line("Sec-WebSocket-Key", [
    undefined,
    "",
    "AAAA",
    "A".repeat(24),
    `${"A".repeat(22)}=`,
    `${"A".repeat(23)}==`,
    `${"A".repeat(21)} ==`,
    "ÿ".repeat(22) + "==",
    "x".repeat(5_000),
  ]),
  "two hosts": extra(["Host: evil.example", "host: localhost"]),
  subprotocols: extra(["a,a", ",", "a,,b", "a b", "a;b", "\xff"].map((offer) => `Sec-WebSocket-Protocol: ${offer}`)),
  "two keys": extra(["Sec-WebSocket-Key: BBBBBBBBBBBBBBBBBBBBBB=="]),
  wsVersion: line("Sec-WebSocket-Version", [undefined, "", "0", "8", "12", "14", "13.0", "013", "13, 8", "-13", "1e1", "thirteen"]),
  origin: extra(["Origin: null", "Origin: https://evil.example", "Origin: http://localhost.evil", "Origin: ", "Origin: http://localhost/", "Origin: \xff"]),
  header: extra([
    ": nothing",
    "Bad Name: x",
    "X\0: y",
    "no colon",
    "X: a\0b",
    "X: a\rb",
    "X-ESC : x",
    `X: ${"x".repeat(20_000)}`,
    "Content-Length: -1",
    "Content-Length: 1e3",
    "Content-Length: 99999999999999999999",
  ]),
  smuggling: (head) => ({ ...head, lines: [...head.lines, "Content-Length: 4", "Transfer-Encoding: chunked"], body: "0\r\n\r\n" }),
  "many headers": (head) => ({ ...head, lines: [...head.lines, ...Array.from({ length: 3_000 }, (_, at) => `X-${at}: 1`)] }),
  "h2 preface": (head) => ({ ...head, method: "PRI", target: "*", version: "HTTP/2.0", lines: [], body: "SM\r\n\r\n" }),
  noise: (head, random) => ({ ...head, method: junk(random, 40), lines: [junk(random, 200)] }),
  TLS: (head, random) => ({ ...head, method: `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${junk(random, 300)}` }),
  "cut off": (head, random) => ({ ...head, lines: good.lines.slice(0, Math.floor(random() * good.lines.length)) }),
};

test(
  "10,000 malformed upgrades: none is answered with 101, each ends, no handler hears of one, nothing is our fault, and the process goes on",
  { timeout: 60_000 },
  async () => {
    using reports = collectReports();
    const random = seeded(20_301);
    const names = Object.keys(defects);
    const requests = Array.from({ length: 10_000 }, (_, at) => {
      const name = names[at % names.length]!;
      const noise =
        random() < 0.3 ? extra([`Cookie: a=${junk(random, 8).replaceAll(/\p{Cc}/gu, "")}`, "X-Forwarded-For: ,,,", "Accept: */*"]) : (head: Head) => head;
      return { name, bytes: toBytes(defects[name]!(noise(good, random), random)) };
    });

    const accepted: string[] = [];
    const lane = async (): Promise<void> => {
      for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
        const raw = await openRaw(port);
        await raw.write(request.bytes);
        raw.end();
        const answer = await raw.ended;
        if (answer.includes("HTTP/1.1 101") || answer.includes("HTTP/1.1 2"))
          accepted.push(`${request.name}: ${JSON.stringify(request.bytes.toString("latin1"))} -> ${answer}`);
      }
    };
    await Promise.all(Array.from({ length: 32 }, lane));

    expect(accepted.slice(0, 5)).toEqual([]);
    expect(handled).toBe(0);
    expect(reports.of("error")).toEqual([]);
    expect(app.connectionCount).toBe(0);
    await expectService();
  },
);

test.each(["a,a", ",", "a,,b", "a b", "a;b", "ÿ"])("a malformed offer of subprotocols is answered with 400 at once, and holds no place: %s", async (offer) => {
  const head = { ...good, lines: [...good.lines, `Sec-WebSocket-Protocol: ${offer}`] };

  expect(await answerTo(port, toBytes(head))).toMatch(/^HTTP\/1\.1 400 /);
});

test("the good upgrade that all of them are made from is accepted", async () => {
  await expectService();
  const raw = await openRaw(port);
  await raw.write(toBytes(good));
  await raw.until(({ text }) => text.includes("\r\n\r\n"));
  raw.destroy();

  expect(raw.text).toMatch(/^HTTP\/1\.1 101 /);
});

async function expectService(): Promise<void> {
  const peer = await connect(`http://127.0.0.1:${port}`, "/room/1");
  peer.sendText("bye");
  expect(await peer.closed).toMatchObject({ code: 1000 });
}

function toBytes({ method, target, version, lines, body }: Head): Buffer {
  return Buffer.from(`${method} ${target} ${version}\r\n${lines.map((text) => `${text}\r\n`).join("")}\r\n${body}`, "latin1");
}

/** Mulberry32: the same numbers each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
