import { NexiosError } from "../protocol/failure.ts";

type ParamName<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamName<Rest> : never;

/** The parameters that a path such as `auction/{lotId}` names. */
export type Params<Path extends string> = { readonly [Name in ParamName<Path>]: string };

/** A path as it was read: each segment is a text or a parameter. */
export interface RoomPath {
  readonly path: string;
  readonly segments: readonly PathSegment[];
}

interface PathSegment {
  readonly kind: "text" | "param";
  readonly text: string;
}

// One character class with a bound: a match takes a number of steps that the length bounds.
const segmentPattern = /^[A-Za-z0-9_.:-]{1,128}$/;
// No object has `__proto__` as a member like others.
const paramPattern = /^\{(?!__proto__\})[A-Za-z_][A-Za-z0-9_]{0,63}\}$/;
/** Names that begin with this segment are the framework's: no parameter takes it in the first place. */
const reservedSegment = "nexios";

/**
 * Reads `auction/{lotId}`: whole segments, each a text of letters, digits and `_.:-` (1 to 128) or a `{parameter}`.
 * @throws TypeError for a path of another form, and for one that names a parameter twice.
 */
export function readPath(path: string): RoomPath {
  const segments = path.split("/").map((part): PathSegment => {
    if (paramPattern.test(part)) return { kind: "param", text: part.slice(1, -1) };
    if (segmentPattern.test(part)) return { kind: "text", text: part };
    throw new TypeError(`"${path}" is not a room's path such as auction/{lotId}: whole segments, each of [A-Za-z0-9_.:-] or a {parameter}`);
  });
  const names = segments.filter(({ kind }) => kind === "param").map(({ text }) => text);
  if (new Set(names).size !== names.length) throw new TypeError(`The room's path "${path}" names a parameter twice`);
  return { path, segments };
}

/** Whether there is a name that is of both paths. */
export function overlaps(a: RoomPath, b: RoomPath): boolean {
  return a.segments.length === b.segments.length && a.segments.every((segment, at) => canBeOne(segment, b.segments[at] ?? segment, at));
}

/** Whether the path's names are among those that the framework keeps for itself: all that begin with the segment `nexios`. */
export function hasReservedNames({ segments }: RoomPath): boolean {
  return segments[0]?.kind === "text" && segments[0].text === reservedSegment;
}

/**
 * The name of one room of a contract: `toRoomName(lot, { lotId: "42" })` is `auction/42`.
 * @throws TypeError for a parameter that is missing, unknown or no text; NexiosError NOT_FOUND for a text that is not 1 to 128 of [A-Za-z0-9_.:-], or is the first segment and `nexios`.
 */
export function toRoomName<Path extends string>(
  room: { readonly path: Path; readonly segments: readonly PathSegment[] },
  params: Params<NoInfer<Path>>,
): string {
  const given = new Map<string, unknown>(Object.entries(params));
  const name = room.segments.map(({ kind, text }, at) => (kind === "text" ? text : takeParam(given, text, { path: room.path, at }))).join("/");
  for (const unknown of given.keys()) throw new TypeError(`"${room.path}" has no parameter "${unknown}"`);
  return name;
}

/** The parameters of a room's name, or `undefined` for a name that is not of this contract: exactly those names that `toRoomName` makes are read. */
export function parseRoomName<Path extends string>(
  room: { readonly path: Path; readonly segments: readonly PathSegment[] },
  name: string,
): Params<Path> | undefined {
  // Longer than any name can be: not even split.
  if (name.length > room.segments.length * 129) return undefined;
  const parts = name.split("/");
  if (parts.length !== room.segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, { kind, text }] of room.segments.entries()) {
    const part = parts[at] ?? "";
    if (kind === "text" ? part !== text : !fitsParam(part, at)) return undefined;
    if (kind === "param") params[text] = part;
  }
  return params as Params<Path>;
}

function canBeOne(a: PathSegment, b: PathSegment, at: number): boolean {
  if (a.kind === "text" && b.kind === "text") return a.text === b.text;
  const { text } = a.kind === "text" ? a : b;
  return a.kind === b.kind || fitsParam(text, at);
}

function fitsParam(part: string, at: number): boolean {
  return segmentPattern.test(part) && !(at === 0 && part === reservedSegment);
}

function takeParam(given: Map<string, unknown>, name: string, { path, at }: { readonly path: string; readonly at: number }): string {
  const value = given.get(name);
  given.delete(name);
  if (typeof value === "string" && fitsParam(value, at)) return value;
  // A text may come from a URL: no room is called so.
  if (typeof value === "string")
    throw new NexiosError("NOT_FOUND", `No room of "${path}" is called so: "${name}" is 1 to 128 of [A-Za-z0-9_.:-]`, { status: 404, path: name });
  throw new TypeError(`The parameter "${name}" of "${path}" must be 1 to 128 of [A-Za-z0-9_.:-]${at === 0 ? `, and not "${reservedSegment}"` : ""}`);
}
