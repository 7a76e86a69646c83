import { toInitials } from "../../identity/identity.ts";

/** Two letters that stand over a passage of somebody: initials, or of a name of one word its first two. Pure. */
export function markOf(name: string): string {
  const initials = toInitials(name);
  const second = Array.from(initials).length === 1 ? /(?<=[\p{L}\p{N}])[\p{L}\p{N}]/u.exec(name)?.[0] : undefined;
  return initials + (second ?? "");
}
