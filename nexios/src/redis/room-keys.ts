import { crc32 } from "node:zlib";

/** The keys of one room. A room's name is the last part of each: none can be another's, whatever stands in it. */
export interface RoomKeys {
  /** A hash: the head, and what the log counts. */
  readonly head: string;
  /** A stream of whole entries, with the id OFFSET-POSITION. */
  readonly entries: string;
  /** A stream of public parts, with the id POSITION-OFFSET. */
  readonly shown: string;
  /** A hash of what is left of erased ones. */
  readonly erased: string;
  /** A hash of outcomes by key, and sorted sets of those keys: by time those without an end, by time those with one, and by their end. */
  readonly outcomes: string;
  readonly outcomesByTime: string;
  readonly endingByTime: string;
  readonly endingByEnd: string;
  /** A hash: the checkpoint. */
  readonly checkpoint: string;
  /** Sorted sets of the shard: rooms by the time of their last change, and by when they want to be woken. */
  readonly changed: string;
  readonly due: string;
}

/** All keys of a shard are in one slot of a cluster: what stands in the braces decides it, and a prefix has none. */
export class LogKeys {
  readonly #prefix: string;
  readonly #shards: number;

  constructor(prefix: string, shards: number) {
    this.#prefix = prefix;
    this.#shards = shards;
  }

  room(name: string): RoomKeys {
    const { changed, due, base } = this.#shard(crc32(name) % this.#shards);
    const key = (part: string): string => `${base}${part}:${name}`;
    return {
      head: key("head"),
      entries: key("entries"),
      shown: key("shown"),
      erased: key("erased"),
      outcomes: key("outcomes"),
      outcomesByTime: key("outcomes-by-time"),
      endingByTime: key("ending-by-time"),
      endingByEnd: key("ending-by-end"),
      checkpoint: key("checkpoint"),
      changed,
      due,
    };
  }

  /** Of each shard: its two sets, and what the heads of its rooms begin with. */
  shards(): readonly { readonly changed: string; readonly due: string; readonly heads: string }[] {
    return Array.from({ length: this.#shards }, (_, index) => {
      const { changed, due, base } = this.#shard(index);
      return { changed, due, heads: `${base}head:` };
    });
  }

  #shard(index: number): { readonly changed: string; readonly due: string; readonly base: string } {
    const base = `${this.#prefix}log:{${index}}:`;
    return { changed: `${base}changed`, due: `${base}due`, base };
  }
}
