import { join } from "node:path";
import { NexiosError } from "../protocol/failure.ts";
import { keepSecret } from "./keep-secret.ts";

/** Where the secret may come from. */
export interface SecretSource {
  readonly env: Readonly<Record<string, string | undefined>>;
}

const defaultFolder = ".data";
const fileName = "secret";
const secretBytes = 32;

/**
 * The secret for tokens: `NEXIOS_SECRET`, or one that is made once and kept in the folder `NEXIOS_DATA`, readable by its owner alone.
 * @throws NexiosError SECRET_MISSING in production, where each machine would make its own.
 */
export function loadSecret({ env }: SecretSource): string {
  const given = env["NEXIOS_SECRET"] ?? "";
  if (given !== "" && Buffer.byteLength(given) < secretBytes) {
    throw new NexiosError("SECRET_MISSING", `NEXIOS_SECRET has ${Buffer.byteLength(given)} bytes; it needs at least ${secretBytes}`);
  }
  if (given !== "") return given;
  if (env["NODE_ENV"] === "production") {
    throw new NexiosError(
      "SECRET_MISSING",
      "Set NEXIOS_SECRET to at least 32 random bytes: `node -p \"crypto.randomBytes(32).toString('base64url')\"` makes one",
    );
  }
  const folder = env["NEXIOS_DATA"] || defaultFolder;
  const secret = keepSecret(folder, fileName).trim();
  if (Buffer.byteLength(secret) < secretBytes) {
    throw new NexiosError(
      "SECRET_MISSING",
      `The secret in ${join(folder, fileName)} has fewer than ${secretBytes} bytes: delete the file, and a new one is made; tokens of the old one are void then`,
    );
  }
  return secret;
}
