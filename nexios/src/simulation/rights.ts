import type { HostedRoom } from "../contract/hosted-room.ts";

/** Who may not be in which room any more, beside what the rooms say themselves. */
export class Rights {
  readonly #withdrawn = new Set<string>();

  withdraw(userId: string, room: string): void {
    this.#withdrawn.add(toKey(userId, room));
  }

  isWithdrawn(userId: string, room: string): boolean {
    return this.#withdrawn.has(toKey(userId, room));
  }

  /** The same room, where who has lost the right is not let in. */
  guard(room: HostedRoom): HostedRoom {
    const { segments } = room.contract;
    return {
      ...room,
      authorize: async (user, params) => {
        const name = segments.map(({ kind, text }) => (kind === "text" ? text : params[text])).join("/");
        return this.isWithdrawn(user.id, name) ? undefined : room.authorize(user, params);
      },
    };
  }
}

function toKey(userId: string, room: string): string {
  return `${userId} ${room}`;
}
