import type { Params } from "./path.ts";
import type { Type, TypeOf } from "./type.ts";

/** Where a room's log lives: `durable` outlives its machine, `volatile` does not. */
export type LogKind = "durable" | "volatile";

/** What a caller may send to a room and get back. */
export interface CallDefinition {
  readonly input?: Type<unknown>;
  readonly result?: Type<unknown>;
  /** Its expected refusals: a code and the type of its data (`type<undefined>()` for none). */
  readonly refusals?: { readonly [code: string]: Type<unknown> };
}

/** A call that appends nothing. */
export interface QuestionDefinition extends CallDefinition {
  readonly result: Type<unknown>;
}

/** The types of a contract, gathered. */
export interface RoomShape {
  readonly path: string;
  readonly log: LogKind;
  readonly entry: unknown;
  readonly state: unknown;
  readonly calls: { readonly [name: string]: CallDefinition };
  readonly questions: { readonly [name: string]: QuestionDefinition };
  readonly signals: { readonly [name: string]: Type<unknown> };
  readonly presence: unknown;
}

/** All that can be asked of a room: calls and questions by name. */
export type Requests<S extends RoomShape> = S["calls"] & S["questions"];

export type InputOf<Definition> = Definition extends { readonly input: infer Carrier } ? TypeOf<Carrier> : undefined;
export type ResultOf<Definition> = Definition extends { readonly result: infer Carrier } ? TypeOf<Carrier> : undefined;
/** Codes to data. */
export type RefusalsOf<Definition> = Definition extends { readonly refusals: infer R } ? { readonly [Code in keyof R]: TypeOf<R[Code]> } : Record<never, never>;

/** The names of those requests that take an input. */
export type WithInput<Definitions> = { [Name in keyof Definitions]: Definitions[Name] extends { readonly input: unknown } ? Name : never }[keyof Definitions];
/** The names of those requests that give a result. */
export type WithResult<Definitions> = { [Name in keyof Definitions]: Definitions[Name] extends { readonly result: unknown } ? Name : never }[keyof Definitions];

/** The parameters of a shape's path. */
export type ShapeParams<S extends RoomShape> = Params<S["path"]>;
