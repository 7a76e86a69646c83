import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A text that is made once and kept as a file in a folder, readable by its owner alone: 32 random bytes in base64url unless `make` gives something else. The same at each start;
 * of two processes that start at once both get that of one. For secrets that a single machine may make for itself: several machines need to be given one.
 */
export function keepSecret(folder: string, name: string, make: () => string = () => randomBytes(32).toString("base64url")): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  if (!existsSync(file)) keepNew(file, make());
  return readFileSync(file, "utf8");
}

/** Made under another name and then linked, so that nobody ever reads a file that is not whole. */
function keepNew(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(draft);
  }
}
