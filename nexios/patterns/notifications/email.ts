import { PermanentFailure } from "nexios";
import { createTransport } from "nodemailer";
import type { EmailMessage } from "./email-message.ts";
import type { EmailTransport } from "./email-sender.ts";

export type { EmailMessage } from "./email-message.ts";
export type { EmailTransport } from "./email-sender.ts";

/** The server that takes mail. */
export interface SmtpOptions {
  readonly host: string;
  /** 465 for `tls`, else 587, unless given. */
  readonly port?: number;
  /** `starttls` unless given: without it nothing is sent. `none` is for a server on this machine. */
  readonly security?: "tls" | "starttls" | "none";
  readonly user?: string;
  readonly password?: string;
  /** A certificate authority in place of the well-known ones, as PEM. */
  readonly ca?: string;
  /** A signature of one's own (RFC 6376), where the server makes none. */
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly privateKey: string };
  /** A server that says nothing for so long is away: what it had taken already comes twice then, under one message id. 60 s unless given, and 10 s at most until it greets. */
  readonly timeoutMs?: number;
  /** Connections at once; 5 unless given. */
  readonly connections?: number;
}

/** Sends mail by SMTP. */
export interface SmtpTransport extends EmailTransport {
  close(): void;
}

const longestGreetingMs = 10_000;

/** A transport over a server of mail: `email: { transport: createSmtpTransport({ host: "mail.house.example", user, password }), ... }`. Close it when the app stops. */
export function createSmtpTransport(options: SmtpOptions): SmtpTransport {
  const { host, security = "starttls", port = security === "tls" ? 465 : 587, user, password, ca, dkim, timeoutMs = 60_000, connections = 5 } = options;
  const mailer = createTransport({
    pool: true,
    maxConnections: connections,
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user !== undefined && { auth: { user, pass: password ?? "" } }),
    ...(ca !== undefined && { tls: { ca } }),
    ...(dkim !== undefined && { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
    connectionTimeout: Math.min(timeoutMs, longestGreetingMs),
    greetingTimeout: Math.min(timeoutMs, longestGreetingMs),
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ from, to, subject, text, html, messageId, headers }: EmailMessage) {
      try {
        const taken = await mailer.sendMail({
          from,
          // As a value, so that it is one address whatever it looks like.
          to: { name: "", address: to },
          subject,
          text,
          html,
          messageId,
          // As they are: folded, a long link would be two.
          headers: Object.entries(headers).map(([key, value]) => ({ key, value: { prepared: true, value } })),
        });
        return { id: taken.messageId };
      } catch (error) {
        throw toFailure(error);
      }
    },
    close: () => mailer.close(),
  };
}

/** By which a server says that it wants a sign-in or TLS (RFC 4954, section 6), at whatever command. */
const signInCodes: readonly number[] = [530, 534, 535, 538];

/** What a server refuses for good of a recipient or a text is not tried again; that it takes no TLS, no password or no sender of ours is no fault of the mail, and may be mended. */
function toFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { responseCode = 0, command } = error as Error & { readonly responseCode?: number; readonly command?: string };
  const isOfMail = (command === "RCPT TO" || command === "DATA") && !signInCodes.includes(responseCode);
  return isOfMail && responseCode >= 500 && responseCode < 600 ? new PermanentFailure(error.message, { cause: error }) : error;
}
