import type { Fold } from "./fold.ts";
import type { RoomPath } from "./path.ts";
import type { SecretDefinition, UnfoldedSecret } from "./secret-room.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { ServedRoom } from "./served-room.ts";
import type { LogKind, RoomShape } from "./shape.ts";

/** What is left of a call or question at run time. */
export interface RequestFacts {
  readonly hasInput: boolean;
  readonly hasResult: boolean;
  readonly refusals: ReadonlySet<string>;
}

/** A contract without its types: what code that serves any room needs to know. */
export interface RoomFacts extends RoomPath, Fold {
  readonly log: LogKind;
  readonly calls: ReadonlyMap<string, RequestFacts>;
  readonly questions: ReadonlyMap<string, RequestFacts>;
  readonly signals: ReadonlySet<string>;
  readonly hasPresence: boolean;
}

/** What server and client agree on about one kind of room: what a member may know, and nothing else. */
export interface RoomContract<S extends RoomShape> extends RoomFacts {
  readonly path: S["path"];
  readonly log: S["log"];
  initial(): S["state"];
  evolve(state: S["state"], entry: S["entry"]): S["state"];
  encodeEntry(entry: S["entry"]): Uint8Array;
  decodeEntry(bytes: Uint8Array, version?: number): S["entry"];
  encodeState(state: S["state"]): Uint8Array;
  decodeState(bytes: Uint8Array, version?: number): S["state"];
  /**
   * The server's half of a room in which nothing is secret: a value, for an app, a test and a simulation alike.
   * @throws TypeError for an input without a schema, a call without `decide`, a name that the contract does not have, `wake` without `wakeAt`.
   */
  serve<Prepared extends object = object>(options: ServeOptions<S, S["entry"], S["state"], Prepared>): ServedRoom<RoomContract<S>, S["entry"], S["state"]>;
  /** Begins the server's half of a room in which the server knows more than its members may. */
  withSecret<SecretEntry, SecretState>(definition: SecretDefinition<SecretEntry, SecretState>): UnfoldedSecret<S, SecretEntry, SecretState>;
}

/** The types of a contract. */
export type ContractShape<C extends RoomFacts> = C extends RoomContract<infer S> ? S : never;
