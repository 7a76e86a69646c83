type ParamName<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamName<Rest> : never;

/** The parameters that a path such as `/collab/{documentId}` names. */
export type Params<Path extends string> = { readonly [Name in ParamName<Path>]: string };

/** The same path as Hono writes it. */
export type HonoPath<Path extends string> = Path extends `${infer Head}{${infer Name}}${infer Tail}` ? `${Head}:${Name}${HonoPath<Tail>}` : Path;

// Hono's trie takes `@` with a digit for a mark of its own, and no object has `__proto__` as a member like others.
const segment = /^(?:(?:[A-Za-z0-9_.~-]|@(?!\d))+|\{(?!__proto__\})[A-Za-z_][A-Za-z0-9_]*\})$/;

/**
 * Turns `/collab/{documentId}` into Hono's `/collab/:documentId`. Only whole segments are parameters, and no pattern is taken, so that matching stays linear.
 * @throws TypeError for a path of another form.
 */
export function toHonoPath(path: string): string {
  if (path === "" || path === "/") return path;
  const [empty, ...segments] = path.split("/");
  const names = segments.filter((part) => part.startsWith("{"));
  if (empty !== "" || !segments.every((part) => segment.test(part)) || new Set(names).size !== names.length) {
    throw new TypeError(`"${path}" is not a path such as /collab/{documentId}: whole segments, each a name or a {parameter}`);
  }
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
