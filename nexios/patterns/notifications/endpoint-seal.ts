import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import type { NewEndpoint, PushSubscription } from "./contract.ts";

/** What is secret of an endpoint. */
export type EndpointSecret = { readonly subscription: PushSubscription } | { readonly address: string };

/** An endpoint as the inbox holds it. */
export interface SealedEndpoint {
  /** The same for the same endpoint of the same person. */
  readonly id: string;
  readonly sealed: string;
}

const ivBytes = 12;
const tagBytes = 16;
const idCharacters = 22;

/**
 * Seals what is secret of endpoints: all devices of a person get his inbox's entries, but only the server has to know where to send to. AES-256-GCM with a vector made of what
 * is sealed, by a key of its own, so that nothing is drawn: the same comes to the same, and never two to one vector.
 */
export class EndpointSeal {
  readonly #key: Uint8Array;
  readonly #names: Uint8Array;

  /** @throws TypeError for a secret below 32 characters. */
  constructor(secret: string) {
    if (secret.length < 32) throw new TypeError("endpointSecret has at least 32 characters");
    this.#key = new Uint8Array(hkdfSync("sha256", secret, "", "nexios inbox endpoints", 32));
    this.#names = new Uint8Array(hkdfSync("sha256", secret, "", "nexios inbox endpoint ids", 32));
  }

  seal(userId: string, endpoint: NewEndpoint): SealedEndpoint {
    const text = JSON.stringify(secretOf(endpoint));
    const digest = createHmac("sha256", this.#names).update(`${userId}\n${text}`).digest();
    const iv = digest.subarray(0, ivBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#key, iv).setAAD(Buffer.from(userId));
    const sealed = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return { id: createHmac("sha256", this.#names).update(digest).digest("base64url").slice(0, idCharacters), sealed: sealed.toString("base64url") };
  }

  /** `undefined` for what was sealed under another secret, or for somebody else. */
  open(userId: string, sealed: string): EndpointSecret | undefined {
    const bytes = Buffer.from(sealed, "base64url");
    if (bytes.length < ivBytes + tagBytes) return undefined;
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, ivBytes)).setAAD(Buffer.from(userId));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString("utf8");
      // Only what was sealed here opens.
      return JSON.parse(text) as EndpointSecret;
    } catch {
      // It says no more than that the tag does not fit.
      return undefined;
    }
  }
}

/** Always in one order, so that the same endpoint is the same text. */
function secretOf(endpoint: NewEndpoint): EndpointSecret {
  if (endpoint.channel === "email") return { address: endpoint.address };
  const { endpoint: url, keys } = endpoint.subscription;
  return { subscription: { endpoint: url, keys: { p256dh: keys.p256dh, auth: keys.auth } } };
}
