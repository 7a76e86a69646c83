import { createHash } from "node:crypto";
import type { RedisArgument, RedisReply } from "./redis-connection.ts";
import { isServerError, type RedisLink } from "./redis-link.ts";

/** Runs scripts by their hashes, and gives the server the text of one that it does not know: it forgets them when it is restarted. */
export class ScriptRunner {
  readonly #link: RedisLink;
  readonly #hashes = new Map<string, string>();

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** @throws NexiosError UNAVAILABLE; Error of the server */
  async run(script: string, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply> {
    const [first = ""] = keys;
    const rest = [`${keys.length}`, ...keys, ...args];
    try {
      return await this.#link.send(first, ["EVALSHA", this.#hashOf(script), ...rest]);
    } catch (error) {
      if (!isServerError(error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return this.#link.send(first, ["EVAL", script, ...rest]);
    }
  }

  #hashOf(script: string): string {
    const known = this.#hashes.get(script);
    if (known !== undefined) return known;
    const hash = createHash("sha1").update(script).digest("hex");
    this.#hashes.set(script, hash);
    return hash;
  }
}
