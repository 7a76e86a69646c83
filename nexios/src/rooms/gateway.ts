import type { RoomUser } from "../contract/serve-options.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { RoomClientFrame } from "../protocol/frame.ts";
import { report } from "../world/report.ts";
import { CallOrder } from "./call-order.ts";
import type { Directory } from "./directory.ts";
import { type Joined, joinRoom, type JoinRefused, reauthorize } from "./join.ts";
import { type ComeAgain, JoinTickets } from "./join-tickets.ts";
import type { Line } from "./line.ts";
import { Member } from "./member.ts";
import { MemberRequests, toCode } from "./member-requests.ts";
import { MemberSignals } from "./member-signals.ts";
import { Memberships } from "./membership.ts";
import { Replies } from "./replies.ts";

type JoinFrame = RoomClientFrame & { readonly kind: "join" };

/** When nobody could tell whether a right holds, it is asked again so much later; until then the member is given nothing. */
const recheckMs = 500;
/** A process that has too much to do is asked again so much later. */
const retryOverloadMs = 2_000;

/** One connection's way to its rooms. It never throws, whatever comes. */
export class Gateway {
  readonly line: Line;
  readonly #directory: Directory;
  readonly #onEnd: () => void;
  readonly #rooms = new Memberships();
  readonly #replies: Replies;
  readonly #requests: MemberRequests;
  readonly #signals: MemberSignals;
  readonly #tickets: JoinTickets;
  /** The latest join of each room that is under way. */
  readonly #joining = new Map<string, object>();
  #isRetired = false;
  #ended = false;

  constructor(line: Line, directory: Directory, onEnd: () => void) {
    this.line = line;
    this.#directory = directory;
    this.#onEnd = onEnd;
    this.#replies = new Replies(line);
    const needs = { line, directory, rooms: this.#rooms, replies: this.#replies };
    this.#requests = new MemberRequests(needs);
    this.#signals = new MemberSignals(needs);
    this.#tickets = new JoinTickets(directory.joins, directory.limits);
  }

  get user(): RoomUser {
    return this.line.user;
  }

  take(frame: RoomClientFrame): void {
    if (this.#ended) return;
    if (this.#isRetired && "id" in frame && frame.id !== undefined && frame.kind !== "cancel") return this.#replies.fail(frame.id, "UNAVAILABLE");
    switch (frame.kind) {
      case "join":
        return void this.#join(frame);
      case "leave":
        return this.#leave(frame.room, "left");
      case "call":
        return this.#requests.call(frame);
      case "ask":
        return void this.#requests.ask(frame);
      case "signal":
        return void this.#signals.signal(frame);
      case "presence":
        return void this.#signals.presence(frame);
      case "history":
        return void this.#requests.history(frame);
      case "cancel":
        return this.#requests.cancel(frame.id);
      case "unknown":
        if (frame.id !== undefined) this.#replies.fail(frame.id, "INVALID_MESSAGE", { message: "This server knows no frame of this kind" });
    }
  }

  /** The socket has taken everything: who was behind reads on. */
  drained(): void {
    for (const { host, member } of this.#rooms) host.drained(member);
  }

  /** The connection is gone: lost, unless its rooms were left before. */
  ended(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    this.#replies.end();
    this.#requests.ended();
    this.#joining.clear();
    for (const room of this.#rooms.numbers()) this.#leave(room, "lost");
  }

  /** The client is to come back by another process, at a random moment of the window. */
  drain(windowMs: number): void {
    this.#replies.send({ kind: "drain", room: undefined, afterMs: 0, windowMs });
  }

  /** Nothing more is decided or answered here; resolves when what has come before is. */
  retire(): Promise<void> {
    this.#isRetired = true;
    return this.#requests.settled();
  }

  /** Asks again whether the user may be where they are: in all rooms, or in that of the name. Meanwhile nothing is sent there, and nothing decided. */
  async recheck(name: string | undefined): Promise<void> {
    const asked = [...this.#rooms].filter(({ host }) => name === undefined || host.facts.name === name);
    await Promise.all(
      asked.map(async ({ host, member }) => {
        try {
          if (!(await reauthorize(host, member))) this.#expel(host.facts.number, "FORBIDDEN");
        } catch (error) {
          report("error", { where: `authorize ${host.facts.name} again`, error });
          this.#directory.clock.after(recheckMs, () => void this.recheck(host.facts.name));
        }
      }),
    );
  }

  async #join(frame: JoinFrame): Promise<void> {
    const { id, room: name } = frame;
    const refusal = this.#admit(name);
    if (refusal !== undefined) return this.#replies.fail(id, refusal.code, { retryAfterMs: refusal.retryAfterMs });
    const token = {};
    this.#joining.set(name, token);
    let joined: Joined | JoinRefused;
    // Under the rights as they are now: they may be withdrawn until the very moment in which the member is entered, and nothing is awaited in between.
    do joined = await joinRoom(this.#directory, this.line, frame).catch((error: unknown) => ({ code: toCode(`join ${name}`, error), path: undefined }));
    while (!("code" in joined) && joined.grantNumber !== this.#directory.grants.numberOf(this.user.id));
    // A later join of the same room, or the end of the connection, has taken its place.
    if (this.#joining.get(name) !== token) return this.#replies.fail(id, "CONFLICT");
    this.#joining.delete(name);
    if (!("code" in joined)) return this.#enter(id, joined);
    this.#replies.fail(id, joined.code, { path: joined.path });
    if (joined.code === "OUTDATED") this.line.close("OUTDATED", "an older version of the contract");
  }

  #admit(name: string): (Pick<ComeAgain, "code"> & Partial<ComeAgain>) | undefined {
    const { limits, clock } = this.#directory;
    const isNew = !this.#joining.has(name) && !this.#rooms.hasNamed(name);
    if (isNew && this.#rooms.size + this.#joining.size >= limits.roomsPerConnection) return { code: "LIMIT" };
    if (this.#directory.isOverloaded()) return { code: "OVERLOADED", retryAfterMs: retryOverloadMs };
    return this.#tickets.admit(name, clock.monotonic());
  }

  #enter(id: number, { host, head, position, why, fromCount, presence }: Joined): void {
    const { number } = host.facts;
    const { limits, clock } = this.#directory;
    const before = this.#rooms.take(number);
    if (before !== undefined) host.delivery.remove(before.member);
    const member = new Member(this.line, number, position, fromCount);
    const order = before?.order ?? new CallOrder(limits.queue.callsPerMember, () => clock.monotonic());
    this.#rooms.put({ host, member, order });
    this.#replies.send({ kind: "joined", id, room: number, head, snapshot: why });
    if (host.presence !== undefined) {
      if (presence === undefined) host.presence.drop(this.line.id, "left");
      else this.#signals.show(host, presence);
      host.givePeople(member);
    }
    host.delivery.add(member, why);
  }

  #leave(room: number, how: "left" | "lost"): void {
    const membership = this.#rooms.take(room);
    if (membership === undefined) return;
    // A join again that is under way is over with it.
    this.#joining.delete(membership.host.facts.name);
    membership.host.delivery.remove(membership.member);
    membership.host.presence?.drop(this.line.id, how);
  }

  #expel(room: number, code: ErrorCode): void {
    const membership = this.#rooms.find(room);
    if (membership === undefined) return;
    membership.member.isExpelled = true;
    this.#leave(room, "left");
    this.#replies.send({ kind: "left", room, code });
  }
}
