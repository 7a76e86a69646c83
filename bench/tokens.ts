import { createHmac } from "node:crypto";
import { writeFile } from "node:fs/promises";

/** The bench's own key: server and tokens must agree on it, nothing else does. */
export const SECRET = "bench-only-secret-of-at-least-32-bytes";

/** Writes one signed token a line, each of a user of its own, so that the limits per user stay as they are. */
export async function writeTokens(path: string, count: number): Promise<void> {
  await writeFile(path, Array.from({ length: count }, (_, index) => `${sign(`user-${index}`)}\n`).join(""));
}

function sign(user: string): string {
  const now = Math.floor(Date.now() / 1000);
  const head = encode({ alg: "HS256", typ: "JWT" });
  const claims = encode({ sub: user, name: user, iat: now, exp: now + 24 * 3600 });
  const signature = createHmac("sha256", SECRET).update(`${head}.${claims}`).digest("base64url");
  return `${head}.${claims}.${signature}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
