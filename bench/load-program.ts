import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { LoadProcess } from "./load-process.ts";
import { writeTokens } from "./tokens.ts";

const SOURCES = join(import.meta.dirname, "load");
const SHARED = ["dialect.c", "peer.c", "options.c", "measure.c"].map((name) => join(SOURCES, name));

export type LoadOptions = Readonly<Record<string, string | number>>;

/** A load generator, compiled into a folder of its own that goes with it. */
export class LoadProgram {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws Error when there is no C compiler, or no Linux: the generators need epoll. */
  static async compile(name: string, tokens: number): Promise<LoadProgram> {
    if (process.platform !== "linux") {
      throw new Error("The benches need Linux: their load generator uses epoll and /proc.");
    }
    if (spawnSync("cc", ["--version"]).error) {
      throw new Error("The benches need a C compiler named cc (Debian: apt-get install gcc libc6-dev): the load generator is compiled on the fly.");
    }
    const folder = await mkdtemp(join(tmpdir(), "nexios-bench-"));
    const sources = [join(SOURCES, `${name}.c`), ...SHARED];
    await promisify(execFile)("cc", ["-O2", "-D_GNU_SOURCE", "-o", join(folder, "load"), ...sources]);
    await writeTokens(join(folder, "tokens"), tokens);
    return new LoadProgram(folder);
  }

  start(options: LoadOptions): LoadProcess {
    const all: LoadOptions = { tokens: join(this.#folder, "tokens"), ...options };
    const words = Object.entries(all).flatMap(([key, value]) => [`--${key}`, String(value)]);
    return new LoadProcess(join(this.#folder, "load"), words);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
