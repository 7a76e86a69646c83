import { createECDH } from "node:crypto";
import { join } from "node:path";
import { keepSecret } from "nexios";

/** The pair by which push services know who sends (RFC 8292), each in base64url: 65 bytes, uncompressed, and 32. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

const fileName = "vapid.json";
const curve = "prime256v1";
const publicBytes = 65;
const privateBytes = 32;

/**
 * The keys that are kept in a folder, readable by their owner alone; made there at the first start. Who loses them loses every subscription that a browser has made with them.
 * @throws TypeError for a file that holds none
 */
export function loadVapidKeys(folder: string): VapidKeys {
  const read: unknown = JSON.parse(keepSecret(folder, fileName, makePair));
  if (typeof read === "object" && read !== null && "publicKey" in read && "privateKey" in read) return checkVapidKeys(read);
  throw new TypeError(`${join(folder, fileName)} holds no keys`);
}

/** @throws TypeError for two that are none, or do not belong together */
export function checkVapidKeys({ publicKey, privateKey }: { readonly publicKey: unknown; readonly privateKey: unknown }): VapidKeys {
  if (typeof publicKey === "string" && typeof privateKey === "string" && belongTogether(publicKey, privateKey)) return { publicKey, privateKey };
  throw new TypeError("The keys for Web Push are no pair of the curve P-256 in base64url");
}

function makePair(): string {
  const pair = createECDH(curve);
  const publicKey = pair.generateKeys("base64url", "uncompressed");
  const privateKey = withLeadingZeros(pair.getPrivateKey()).toString("base64url");
  return JSON.stringify({ publicKey, privateKey });
}

function withLeadingZeros(key: Uint8Array): Buffer {
  return Buffer.concat([Buffer.alloc(privateBytes - key.length), key]);
}

function belongTogether(publicKey: string, privateKey: string): boolean {
  const [open, secret] = [Buffer.from(publicKey, "base64url"), Buffer.from(privateKey, "base64url")];
  if (open.length !== publicBytes || secret.length !== privateBytes) return false;
  const pair = createECDH(curve);
  try {
    pair.setPrivateKey(secret);
    return pair.getPublicKey().equals(open);
  } catch {
    // It is no number of the curve.
    return false;
  }
}
