import { expect, vi } from "vitest";
import type { Cluster } from "./cluster.ts";
import { enterRoom, everyKind, type Room } from "./rooms.ts";

/** Whom a room shows, by name. */
export function seenBy(room: Room): readonly string[] {
  return room.people.map(({ userId }) => userId).toSorted((a, b) => a.localeCompare(b));
}

/** Enters both kinds of rooms, shown. */
export function show(cluster: Cluster, to: readonly { readonly port: number }[], user: string, id: string): readonly Room[] {
  const client = cluster.enter(to, user);
  return everyKind.map((kind) => enterRoom(client, kind, id, { presence: { at: 1 } }));
}

export async function untilAllSee(rooms: readonly Room[], users: readonly string[]): Promise<void> {
  await vi.waitFor(() => {
    for (const room of rooms) expect(seenBy(room)).toEqual(users);
  }, 30_000);
}

/** Whom somebody has missed who was there all the time. */
export function watchFor(users: readonly string[], rooms: readonly Room[]): ReadonlySet<string> {
  const missed = new Set<string>();
  for (const room of rooms) {
    room.onChange(() => {
      const seen = new Set(seenBy(room));
      if (room.status.kind === "live") for (const user of users) if (!seen.has(user)) missed.add(user);
    });
  }
  return missed;
}
