import type { Checked } from "../contract/check.ts";
import type { RoomUser } from "../contract/serve-options.ts";
import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import type { ClientFrame, RoomClientFrame, ServerFrame } from "../protocol/frame.ts";
import { report } from "../world/report.ts";
import { type AskReply, type CallReply, failed } from "./call.ts";
import { CallOrder } from "./call-order.ts";
import type { Directory } from "./directory.ts";
import { type Joined, joinRoom, type JoinRefused, reauthorize } from "./join.ts";
import type { Line } from "./line.ts";
import { messageOf, retryAfterOf } from "./messages.ts";
import { Member } from "./member.ts";
import { RecentCalls } from "./recent-calls.ts";
import { encodeChecked, hashInput, isRefusal, prepareRequest, type Refusal, sizeOfInput, toRoomCall } from "./request.ts";
import type { RoomHost } from "./room-host.ts";

type Frame<Kind extends ClientFrame["kind"]> = ClientFrame & { readonly kind: Kind };

/** When nobody could tell whether a right holds, it is asked again so much later; until then the member is given nothing. */
const recheckMs = 500;

/** A room that the connection is in. */
interface Membership {
  readonly host: RoomHost;
  readonly member: Member;
  readonly order: CallOrder;
}

/** One connection's way to its rooms. It never throws, whatever comes. */
export class Gateway {
  readonly line: Line;
  readonly #directory: Directory;
  readonly #onEnd: () => void;
  readonly #rooms = new Map<number, Membership>();
  /** The latest join of each room that is under way. */
  readonly #joining = new Map<string, object>();
  readonly #recent = new RecentCalls();
  #asking = 0;
  #ended = false;

  constructor(line: Line, directory: Directory, onEnd: () => void) {
    this.line = line;
    this.#directory = directory;
    this.#onEnd = onEnd;
  }

  get user(): RoomUser {
    return this.line.user;
  }

  take(frame: RoomClientFrame): void {
    if (this.#ended) return;
    switch (frame.kind) {
      case "join":
        return void this.#join(frame);
      case "leave":
        return this.#leave(frame.room, "left");
      case "call":
        return void this.#call(frame);
      case "ask":
        return void this.#ask(frame);
      case "signal":
        return void this.#signal(frame);
      case "presence":
        return void this.#presence(frame);
      case "history":
        return void this.#history(frame);
      case "cancel":
        return;
      case "unknown":
        if (frame.id !== undefined) this.#fail(frame.id, "NOT_FOUND");
    }
  }

  /** The socket has taken everything: who was behind reads on. */
  drained(): void {
    for (const { host, member } of this.#rooms.values()) host.drained(member);
  }

  /** The connection is gone: lost, unless its rooms were left before. */
  ended(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    this.#joining.clear();
    for (const room of this.#rooms.keys()) this.#leave(room, "lost");
  }

  /** The client is to come back by another process, at a random moment of the window. */
  drain(windowMs: number): void {
    this.#send({ kind: "drain", room: undefined, afterMs: 0, windowMs });
  }

  /** Asks again whether the user may be where they are: in all rooms, or in that of the name. Meanwhile nothing is sent there, and nothing decided. */
  async recheck(name: string | undefined): Promise<void> {
    const asked = [...this.#rooms.values()].filter(({ host }) => name === undefined || host.facts.name === name);
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

  async #join(frame: Frame<"join">): Promise<void> {
    const { id, room: name } = frame;
    const token = {};
    this.#joining.set(name, token);
    const isNew = ![...this.#rooms.values()].some(({ host }) => host.facts.name === name);
    const isTooMany = isNew && this.#rooms.size + this.#joining.size > this.#directory.limits.roomsPerConnection;
    let joined: Joined | JoinRefused;
    // Under the rights as they are now: they may be withdrawn until the very moment in which the member is entered, and nothing is awaited in between.
    do
      joined = isTooMany
        ? { code: "LIMIT", path: undefined }
        : await joinRoom(this.#directory, this.line, frame).catch((error: unknown) => this.#faultOf(`join ${name}`, error));
    while (!("code" in joined) && joined.grantNumber !== this.#grantNumber);
    // A later join of the same room, or the end of the connection, has taken its place.
    if (this.#joining.get(name) !== token) return this.#fail(id, "CONFLICT");
    this.#joining.delete(name);
    if ("code" in joined) return this.#fail(id, joined.code, { path: joined.path });
    const { host, head, position, why, fromCount, presence } = joined;
    const { number } = host.facts;
    const before = this.#rooms.get(number);
    if (before !== undefined) host.delivery.remove(before.member);
    const member = new Member(this.line, number, position, fromCount);
    this.#rooms.set(number, { host, member, order: before?.order ?? this.#newOrder() });
    this.#send({ kind: "joined", id, room: number, head, snapshot: why });
    if (host.presence !== undefined) {
      if (presence === undefined) host.presence.drop(this.line.id, "left");
      else this.#show(host, presence);
      host.givePeople(member);
    }
    host.delivery.add(member, why);
  }

  get #grantNumber(): number {
    return this.#directory.grants.numberOf(this.user.id);
  }

  #leave(room: number, how: "left" | "lost"): void {
    const membership = this.#rooms.get(room);
    if (membership === undefined) return;
    this.#rooms.delete(room);
    // A join again that is under way is over with it.
    this.#joining.delete(membership.host.facts.name);
    membership.host.delivery.remove(membership.member);
    membership.host.presence?.drop(this.line.id, how);
  }

  #expel(room: number, code: ErrorCode): void {
    const membership = this.#rooms.get(room);
    if (membership === undefined) return;
    membership.member.isExpelled = true;
    this.#leave(room, "left");
    this.#send({ kind: "left", room, code });
  }

  async #call({ id, room, name, input, callId, isRepeat }: Frame<"call">): Promise<void> {
    const membership = this.#membership(room);
    if (membership === undefined) return this.#fail(id, "NOT_FOUND");
    const { host, member, order } = membership;
    const { room: hosted, params, log } = host.facts;
    if (hosted.kindOf(name) !== "call") return this.#fail(id, "NOT_FOUND");
    const request = { name, input, user: this.user, receivedAt: log.now(), callId };
    const inputHash = hashInput(name, input);
    const asked = this.#grantNumber;
    const admit = (): ErrorCode | undefined => {
      if (member.isExpelled) return "FORBIDDEN";
      // Decided under the rights with which it began, or not at all: whoever sends it again is asked again.
      return member.isSuspended || this.#grantNumber !== asked ? "UNAVAILABLE" : order.blocks(id);
    };
    let failure: Refusal | undefined;
    const reply = await this.#recent.once(`${room} ${callId}`, inputHash, () =>
      order.run(id, prepareRequest(hosted, params, request), (prepared) => {
        if (isRefusal(prepared)) {
          failure = prepared;
          return Promise.resolve(failed(prepared.code));
        }
        host.use();
        const call = toRoomCall({ ...request, inputHash, isRepeat }, prepared, params);
        return host.decider.call({ call, member: this.line.id, bytes: sizeOfInput(input), admit });
      }),
    );
    this.#reply(id, reply, failure);
  }

  #newOrder(): CallOrder {
    return new CallOrder(this.#directory.limits.queue.callsPerMember, () => this.#directory.clock.monotonic());
  }

  /** Requests whose replies are large wait until the socket takes them; there is no queue for them here. */
  get #isFull(): boolean {
    const { queue, unsentBytes } = this.#directory.limits;
    return this.#asking >= queue.callsPerMember || this.line.unsentBytes > unsentBytes;
  }

  async #ask({ id, room, name, input }: Frame<"ask">): Promise<void> {
    const membership = this.#membership(room);
    if (membership === undefined) return this.#fail(id, "NOT_FOUND");
    if (this.#isFull) return this.#fail(id, "OVERLOADED");
    this.#asking++;
    const { asked, refusal } = await this.#directory.ask(membership.host, { name, input, user: this.user }, () => membership.member.isSuspended);
    this.#asking--;
    if (refusal !== undefined) this.#fail(id, refusal.code, refusal);
    else this.#reply(id, asked);
  }

  async #signal({ room, name, payload }: Frame<"signal">): Promise<void> {
    const membership = this.#membership(room);
    if (membership === undefined) return this.#ignore(room, "NOT_FOUND");
    const { host, member } = membership;
    const bytes = await this.#checked(room, () => host.facts.room.checkSignal(name, payload));
    if (bytes !== undefined && !member.isGone && !member.isSuspended) host.signal(name, this.line, bytes);
  }

  async #presence({ room, state }: Frame<"presence">): Promise<void> {
    const membership = this.#membership(room);
    if (membership === undefined) return this.#ignore(room, "NOT_FOUND");
    const { host, member } = membership;
    if (state === undefined) return host.presence?.drop(this.line.id, "left");
    const bytes = await this.#checked(room, () => host.facts.room.checkPresence(state));
    if (bytes === undefined || member.isGone || member.isSuspended) return;
    if (bytes.length > this.#directory.limits.presenceBytes) return this.#ignore(room, "LIMIT");
    this.#show(host, bytes);
  }

  #show({ presence, facts }: RoomHost, state: Uint8Array): void {
    try {
      presence?.put({ id: this.line.id, user: this.user }, state);
    } catch (error) {
      // A user's id or name that is too long to be told to other processes: the member is here, but is not shown.
      report("error", { where: `presence in ${facts.name}`, error });
    }
  }

  async #history({ id, room, before, limit }: Frame<"history">): Promise<void> {
    const membership = this.#membership(room);
    if (membership === undefined) return this.#fail(id, "NOT_FOUND");
    const { host, member } = membership;
    if (this.#isFull) return this.#fail(id, "OVERLOADED");
    this.#asking++;
    const count = Math.max(1, Math.min(limit, this.#directory.limits.pageEntries));
    const page = await host.page(before, count, member.fromCount).catch((error: unknown) => this.#faultOf(`history of ${host.facts.name}`, error));
    this.#asking--;
    if ("code" in page) return this.#fail(id, page.code);
    // A right that was withdrawn meanwhile.
    if (member.isGone || member.isSuspended) return this.#fail(id, member.isGone ? "FORBIDDEN" : "UNAVAILABLE");
    this.#send({ kind: "history", id, room, ...page });
  }

  async #checked(room: number, check: () => Checked | Promise<Checked>): Promise<Uint8Array | undefined> {
    const payload = await encodeChecked(check);
    if (!("code" in payload)) return payload.bytes;
    this.#ignore(room, payload.code, payload);
    return undefined;
  }

  /** A room that has closed its members has forgotten this one. */
  #membership(room: number): Membership | undefined {
    const membership = this.#rooms.get(room);
    if (membership?.member.isGone !== true) return membership;
    this.#rooms.delete(room);
    return undefined;
  }

  #reply(id: number, reply: CallReply | AskReply, failure?: { readonly path: string | undefined; readonly message: string }): void {
    if (reply.kind === "failed") return this.#fail(id, reply.code, failure);
    if (reply.kind === "answered") return this.#send({ kind: "answered", id, value: reply.value });
    if (reply.kind === "accepted") this.#send({ kind: "accepted", id, position: reply.position, result: reply.result });
    else this.#send({ kind: "refused", id, position: "position" in reply ? reply.position : undefined, code: reply.code, data: reply.data });
  }

  #fail(id: number, code: ErrorCode, { message, path }: { readonly message?: string; readonly path?: string | undefined } = {}): void {
    this.#send({ kind: "failed", id, code, message: message ?? messageOf(code), path, retryAfterMs: isRetryable(code) ? retryAfterOf(code) : undefined });
  }

  #ignore(room: number, code: ErrorCode, { message, path }: { readonly message?: string; readonly path?: string | undefined } = {}): void {
    this.#send({ kind: "ignored", room, code, message: message ?? messageOf(code), path, retryAfterMs: undefined });
  }

  #send(frame: ServerFrame): void {
    if (!this.#ended) this.line.send(this.line.encoding.join([this.line.encoding.encode(frame)]));
  }

  #faultOf(where: string, error: unknown): JoinRefused {
    const code = error instanceof Error && "code" in error && error.code === "UNAVAILABLE" ? "UNAVAILABLE" : "INTERNAL";
    report("error", { where, error });
    return { code, path: undefined };
  }
}
