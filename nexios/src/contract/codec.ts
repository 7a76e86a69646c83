import { BytePool } from "../protocol/byte-pool.ts";
import { NexiosError } from "../protocol/failure.ts";
import { decodeJson, encodeJson } from "./json.ts";

/** They are kept for long, next to each other. */
const entries = new BytePool();

/** How a value becomes bytes and comes back equal: for what JSON cannot carry (a document). Both functions are pure. */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  /** @param version The contract's version that wrote the bytes; an older value may come out as it was, for `upgrade` to lift. */
  decode(bytes: Uint8Array, version: number): T;
}

/** What the bytes are: JSON stands in a JSON frame as it is, other bytes do not. */
export type Format = "json" | "bytes";

/** Lifts a value that the contract's version `from` wrote to the present one. Pure. */
export type Upgrade<T> = (value: unknown, from: number) => T;

/** A codec that knows versions. */
export interface VersionedCodec<T> {
  readonly format: Format;
  /** @throws TypeError with the path of what JSON cannot carry. */
  readonly encode: (value: T) => Uint8Array;
  /** @throws NexiosError VERSION_AHEAD for a version after ours, UNREADABLE for bytes that are not the codec's; and what `upgrade` throws. */
  readonly decode: (bytes: Uint8Array, version?: number) => T;
  /** The same for a value that has been read from JSON already. @throws NexiosError VERSION_AHEAD; and what `upgrade` throws. */
  readonly lift: (value: unknown, version?: number) => T;
}

/** What a codec is made of. */
export interface CodecParts<T> {
  readonly what: "entry" | "state";
  readonly version: number;
  readonly codec: Codec<T> | undefined;
  readonly upgrade: Upgrade<T> | undefined;
}

/** The codec for entries or states of one version: JSON unless another is given. A value of an older version without an `upgrade` is taken as it is. */
export function createCodec<T>({ what, version, codec, upgrade }: CodecParts<T>): VersionedCodec<T> {
  return {
    format: codec === undefined ? "json" : "bytes",
    encode: (value) => (codec === undefined ? encodeJson(value, what, what === "entry" ? entries : undefined) : codec.encode(value)),
    decode(bytes, from = version) {
      refuseAhead(what, from, version);
      return lift(read(bytes, from), from);
    },
    lift(value, from = version) {
      refuseAhead(what, from, version);
      return lift(value, from);
    },
  };

  function lift(value: unknown, from: number): T {
    return from < version && upgrade !== undefined ? upgrade(value, from) : (value as T);
  }

  function read(bytes: Uint8Array, from: number): T {
    try {
      return codec === undefined ? (decodeJson(bytes) as T) : codec.decode(bytes, from);
    } catch (cause) {
      throw new NexiosError("UNREADABLE", `The bytes are no ${what} of this contract`, { cause });
    }
  }
}

function refuseAhead(what: string, from: number, ours: number): void {
  if (from > ours) throw new NexiosError("VERSION_AHEAD", `The ${what} is of version ${from} of the contract, this program knows ${ours}`);
}
