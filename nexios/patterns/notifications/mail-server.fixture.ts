import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { type Certificate, makeCertificate } from "./certificate.fixture.ts";

/** A mail as a server has it. */
export interface Mailed {
  readonly from: string;
  readonly to: readonly string[];
  /** As they came, unfolded, each under its name in small letters; of several of one name all. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Its parts by their types, decoded. */
  readonly parts: ReadonlyMap<string, string>;
  readonly isSecure: boolean;
}

/** An SMTP server on a port of its own. */
export class MailServer {
  readonly mailed: Mailed[] = [];
  readonly tls: Certificate = makeCertificate();
  /** What the next mails are answered with, one after the other; when there are no more they are taken. */
  readonly answers: { readonly code: number; readonly text: string }[] = [];
  readonly #server: SMTPServer;
  #port = 0;

  /** `options`: in what it is another one. */
  constructor(options: SMTPServerOptions = {}) {
    this.#server = new SMTPServer({
      key: this.tls.key,
      cert: this.tls.certificate,
      authOptional: true,
      onAuth: ({ username, password }, _session, callback) =>
        password === "right" ? callback(null, { user: username }) : callback(Object.assign(new Error("No"), { responseCode: 535 })),
      onData: (stream, { envelope, secure }, callback) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const answer = this.answers.shift();
          if (answer !== undefined) return callback(Object.assign(new Error(answer.text), { responseCode: answer.code }));
          const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
          this.mailed.push({ from, to: envelope.rcptTo.map(({ address }) => address), ...readMail(Buffer.concat(chunks).toString()), isSecure: secure });
          callback();
        });
      },
      ...options,
    });
    // A client that goes away in the middle is no fault of the test.
    this.#server.on("error", () => undefined);
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      const server = this.#server.listen(0, "127.0.0.1", () => {
        this.#port = (server.address() as { readonly port: number }).port;
        resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function readMail(text: string): Pick<Mailed, "headers" | "parts"> {
  const [head = "", body = ""] = splitOnce(text, "\r\n\r\n");
  const headers = readHeaders(head);
  const boundary = /boundary="([^"]+)"/.exec(headers.get("content-type")?.[0] ?? "")?.[1];
  const parts = new Map<string, string>();
  for (const part of boundary === undefined ? [] : body.split(`--${boundary}`).slice(1, -1)) {
    const [partHead = "", content = ""] = splitOnce(part.trimStart(), "\r\n\r\n");
    const of = readHeaders(partHead);
    const type = of.get("content-type")?.[0]?.split(";")[0] ?? "";
    parts.set(type, decode(content, of.get("content-transfer-encoding")?.[0] ?? ""));
  }
  return { headers, parts };
}

function readHeaders(head: string): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (const line of head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n")) {
    const [name = "", value = ""] = splitOnce(line, ":");
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), decodeWords(value.trim())]);
  }
  return headers;
}

/** Of RFC 2047. */
function decodeWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === "B" ? Buffer.from(text, "base64").toString() : decode(text.replaceAll("_", " "), "quoted-printable"),
    );
}

function decode(text: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(text, "base64").toString();
  if (encoding !== "quoted-printable") return text;
  const bytes = text.replaceAll("=\r\n", "").replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function splitOnce(text: string, by: string): readonly string[] {
  const at = text.indexOf(by);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + by.length)];
}
