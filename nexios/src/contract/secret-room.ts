import { createFold, type Initial, type Reading } from "./fold.ts";
import type { RoomContract, RoomFacts } from "./room-contract.ts";
import type { ErasedOptions, ServeOptions } from "./serve-options.ts";
import { createServed, type ServedRoom } from "./served-room.ts";
import type { RoomShape } from "./shape.ts";
import type { Type } from "./type.ts";

/** What only the server knows of a room. Its versions are counted by the contract's `version`. */
export interface SecretDefinition<SecretEntry, SecretState> extends Reading<NoInfer<SecretEntry>, NoInfer<SecretState>> {
  readonly entry: Type<SecretEntry> & (SecretEntry extends readonly unknown[] ? "an entry is not an array: put it into an object" : unknown);
  readonly state: Type<SecretState>;
}

/** Keys of a revealed value that no public entry which it could pass for has: what a spread of a secret entry would leak. */
type Leak<Revealed, Public> = Revealed extends undefined
  ? never
  : Public extends unknown
    ? Revealed extends Public
      ? Exclude<keyof Revealed, keyof Public>
      : never
    : never;
type WithoutLeak<Revealed, Public> = Revealed extends undefined
  ? Revealed
  : Revealed extends object
    ? [Leak<Revealed, Public>] extends [never]
      ? Revealed
      : `"${Leak<Revealed, Public> & string}" is not in the contract's entry: it would leak`
    : Revealed;

/** A secret half that waits for its fold. */
export interface UnfoldedSecret<S extends RoomShape, SecretEntry, SecretState> {
  /**
   * How the secret state begins, what each entry makes of it, and what of an entry the members get: its public part, or `undefined` for nothing at all.
   * `reveal` runs once, when the entry is appended. Its result's own members are compared with the contract's entry by the compiler, those of nested objects are not.
   */
  fold<const Revealed extends S["entry"] | undefined>(
    initial: Initial<SecretState>,
    evolve: (state: SecretState, entry: SecretEntry) => SecretState,
    reveal: (entry: SecretEntry, stateAfter: SecretState) => WithoutLeak<Revealed, S["entry"]>,
  ): FoldedSecret<S, SecretEntry, SecretState>;
}

/** A room's two halves, ready to be served. */
export interface FoldedSecret<S extends RoomShape, SecretEntry, SecretState> {
  /** Like the contract's `serve`; `decide`, `questions` and `wake` work on the secret state and give secret entries. */
  serve<Prepared extends object = object>(options: ServeOptions<S, SecretEntry, SecretState, Prepared>): ServedRoom<RoomContract<S>, SecretEntry, SecretState>;
}

/** Begins the secret half of a contract. */
export function createUnfoldedSecret<S extends RoomShape, SecretEntry, SecretState>(
  contract: RoomFacts,
  definition: SecretDefinition<SecretEntry, SecretState>,
): UnfoldedSecret<S, SecretEntry, SecretState> {
  return {
    fold(initial, evolve, reveal) {
      const inner = createFold(contract.version, definition, initial, evolve);
      return { serve: (options) => createServed(contract, inner, reveal as never, options as unknown as ErasedOptions) as never };
    },
  };
}
