declare const carried: unique symbol;

/** A type that a contract carries: nothing of it is left at run time, so no schema library travels to the browser. */
export interface Type<T> {
  readonly [carried]?: T;
}

/** The type inside a `Type`. */
export type TypeOf<Carrier> = Carrier extends Type<infer T> ? T : never;

const marker: Type<never> = Object.freeze({});

/** Says a type where a value must stand: `entry: type<LotEntry>()`. What comes from a peer is checked by a schema in `serve`, not by this. */
export function type<T>(): Type<T> {
  return marker;
}
