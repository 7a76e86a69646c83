import { createECDH, createHmac } from "node:crypto";
import type { VapidKeys } from "nexios/notifications/push";

/** What is made of the one secret that all processes are given: none of these tells anything of it, or of another. */
export function deriveSecret(secret: string, purpose: string): string {
  return createHmac("sha256", secret).update(purpose).digest("base64url");
}

/** The pair for Web Push, the same on each process. */
export function deriveVapidKeys(secret: string): VapidKeys {
  const pair = createECDH("prime256v1");
  for (let round = 0; ; round++) {
    const privateKey = deriveSecret(secret, `web-push ${round}`);
    try {
      pair.setPrivateKey(privateKey, "base64url");
      return { publicKey: pair.getPublicKey("base64url", "uncompressed"), privateKey };
    } catch {
      // One of four thousand millions is no number of the curve.
    }
  }
}
