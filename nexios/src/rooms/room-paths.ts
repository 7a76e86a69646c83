import { hasReservedNames, overlaps, type RoomPath } from "../contract/path.ts";

/**
 * Makes sure that each name is of one room at most.
 * @throws TypeError for two paths that can make one and the same name, and for one whose names are the framework's.
 */
export function requireOwnNames(paths: readonly RoomPath[]): void {
  for (const [at, path] of paths.entries()) {
    if (hasReservedNames(path)) throw new TypeError(`The path "${path.path}" is the framework's: names that begin with "nexios" are reserved`);
    const other = paths.slice(0, at).find((before) => overlaps(before, path));
    if (other?.path === path.path) throw new TypeError(`Two rooms have the path "${path.path}"`);
    if (other !== undefined) throw new TypeError(`One name can be of two rooms: "${other.path}" and "${path.path}"`);
  }
}
