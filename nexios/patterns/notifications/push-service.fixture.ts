import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { PushSubscription } from "./contract.ts";
import { type Certificate, makeCertificate } from "./certificate.fixture.ts";

/** A message as a push service and then a browser has it. */
export interface Pushed {
  readonly to: string;
  readonly headers: IncomingHttpHeaders;
  /** Opened with the browser's key. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly payloadBytes: number;
  /** What the server's own token says, where its signature holds. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | "cut" | "silent";

/** A browser that has subscribed: it alone can read. */
class Browser {
  readonly #pair: ECDH = createECDH("prime256v1");
  readonly #auth = randomBytes(16);

  constructor() {
    this.#pair.generateKeys();
  }

  subscription(endpoint: string): PushSubscription {
    return { endpoint, keys: { p256dh: this.#pair.getPublicKey("base64url", "uncompressed"), auth: this.#auth.toString("base64url") } };
  }

  /** Opens a message by RFC 8291 and RFC 8188: one record, aes128gcm. */
  open(body: Buffer): Buffer {
    const salt = body.subarray(0, 16);
    const keyLength = body.readUInt8(20);
    const sender = body.subarray(21, 21 + keyLength);
    const record = body.subarray(21 + keyLength);
    if (record.length > body.readUInt32BE(16)) throw new Error("The record is longer than it says");
    const keyInfo = Buffer.concat([Buffer.from("WebPush: info\0"), this.#pair.getPublicKey(), sender]);
    const secret = hkdfSync("sha256", this.#pair.computeSecret(sender), this.#auth, keyInfo, 32);
    const key = hkdfSync("sha256", Buffer.from(secret), salt, "Content-Encoding: aes128gcm\0", 16);
    const nonce = hkdfSync("sha256", Buffer.from(secret), salt, "Content-Encoding: nonce\0", 12);
    const decipher = createDecipheriv("aes-128-gcm", Buffer.from(key), Buffer.from(nonce)).setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
    const end = padded.lastIndexOf(2);
    if (end === -1 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error("It is not the last record");
    return padded.subarray(0, end);
  }
}

/** A push service on a port of its own, over TLS, with browsers that have subscribed. */
export class PushService {
  readonly pushed: Pushed[] = [];
  readonly tls: Certificate = makeCertificate();
  readonly #browsers = new Map<string, Browser>();
  readonly #answers = new Map<string, Answer[]>();
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer({ key: this.tls.key, cert: this.tls.certificate }, (request, response) => void this.#take(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as { readonly port: number }).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get host(): string {
    return `localhost:${this.#port}`;
  }

  /** A browser whose messages are answered so, one after the other; with 201 when there are no more. */
  subscribe(name: string, ...answers: readonly Answer[]): PushSubscription {
    const browser = new Browser();
    this.#browsers.set(`/${name}`, browser);
    this.#answers.set(`/${name}`, [...answers]);
    return browser.subscription(`https://${this.host}/${name}`);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const to = request.url ?? "";
    const browser = this.#browsers.get(to);
    if (browser === undefined || request.method !== "POST") return void response.writeHead(400).end();
    const payload = browser.open(Buffer.concat(chunks));
    const { headers } = request;
    const claims = readVapid(headers.authorization ?? "");
    this.pushed.push({ to: to.slice(1), headers, payload: JSON.parse(payload.toString()), payloadBytes: payload.length, claims });
    const answer = this.#answers.get(to)?.shift() ?? { status: 201, headers: { location: `https://${this.host}/message/m7` } };
    if (answer === "silent") return;
    if (answer === "cut") return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end("No more than that");
  }
}

/** The claims of a token by RFC 8292, whose signature holds. @throws Error for another */
function readVapid(authorization: string): Readonly<Record<string, unknown>> {
  const [, token = "", key = ""] = /^vapid t=([^,]+), *k=(.+)$/.exec(authorization) ?? [];
  const [head = "", body = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x: x ?? "", y: y ?? "" }, format: "jwk" });
  const isSigned = verify("sha256", Buffer.from(`${head}.${body}`), { key: publicKey, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  const { alg } = JSON.parse(Buffer.from(head, "base64url").toString()) as { readonly alg: string };
  if (!isSigned || alg !== "ES256") throw new Error("The token is not signed so");
  return { ...(JSON.parse(Buffer.from(body, "base64url").toString()) as object), key };
}
