import type { Checked } from "../contract/check.ts";
import type { RoomClientFrame } from "../protocol/frame.ts";
import { report } from "../world/report.ts";
import type { RequestNeeds } from "./member-requests.ts";
import { Pace } from "./pace.ts";
import { encodeChecked } from "./request.ts";
import type { RoomHost } from "./room-host.ts";

type Frame<Kind extends RoomClientFrame["kind"]> = RoomClientFrame & { readonly kind: Kind };

/** What one connection tells its rooms without being answered: signals, and what it shows of itself. */
export class MemberSignals {
  readonly #needs: RequestNeeds;
  readonly #pace: Pace;

  constructor(needs: RequestNeeds) {
    this.#needs = needs;
    this.#pace = new Pace(needs.directory.limits.signalRate);
  }

  async signal({ room, name, payload }: Frame<"signal">): Promise<void> {
    const { rooms, replies, line, directory } = this.#needs;
    const membership = rooms.find(room);
    if (membership === undefined) return replies.ignore(room, "NOT_FOUND");
    const now = directory.clock.monotonic();
    // Each goes to all who are here: what one may send in a message is too much.
    if (!this.#pace.take(now)) return replies.ignore(room, "TOO_MANY", { retryAfterMs: this.#pace.expect(now) });
    const { host, member } = membership;
    const bytes = await this.#checked(room, () => host.facts.room.checkSignal(name, payload));
    if (bytes !== undefined && !member.isGone && !member.isSuspended) host.signal(name, line, bytes);
  }

  async presence({ room, state }: Frame<"presence">): Promise<void> {
    const { rooms, replies, line, directory } = this.#needs;
    const membership = rooms.find(room);
    if (membership === undefined) return replies.ignore(room, "NOT_FOUND");
    const { host, member } = membership;
    if (state === undefined) return host.presence?.drop(line.id, "left");
    const bytes = await this.#checked(room, () => host.facts.room.checkPresence(state));
    if (bytes === undefined || member.isGone || member.isSuspended) return;
    if (bytes.length > directory.limits.presenceBytes) return replies.ignore(room, "LIMIT");
    this.show(host, bytes);
  }

  show({ presence, facts }: RoomHost, state: Uint8Array): void {
    const { line } = this.#needs;
    try {
      presence?.put({ id: line.id, user: line.user }, state);
    } catch (error) {
      // A user's id or name that is too long to be told to other processes: the member is here, but is not shown.
      report("error", { where: `presence in ${facts.name}`, error });
    }
  }

  async #checked(room: number, check: () => Checked | Promise<Checked>): Promise<Uint8Array | undefined> {
    const payload = await encodeChecked(check);
    if (!("code" in payload)) return payload.bytes;
    this.#needs.replies.ignore(room, payload.code, payload);
    return undefined;
  }
}
