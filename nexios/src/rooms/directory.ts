import type { HostedRoom, RoomParams } from "../contract/hosted-room.ts";
import type { LogKind } from "../contract/shape.ts";
import type { Log } from "../log/log.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import { type AskReply, failed } from "./call.ts";
import { Grants } from "./grants.ts";
import type { RoomLimits } from "./limits.ts";
import { Pace } from "./pace.ts";
import { isRefusal, prepareRequest, type Request } from "./request.ts";
import { isRights } from "./rights.ts";
import type { RoomFigures } from "./room-figures.ts";
import { requireOwnNames } from "./room-paths.ts";
import type { HostServices } from "./host-services.ts";
import { RoomHost } from "./room-host.ts";

/** A room that has a contract, open or not. */
export interface NamedRoom {
  readonly name: string;
  readonly room: HostedRoom;
  readonly params: RoomParams;
}

/** The rooms that are open on a process. One that nobody uses is forgotten, and costs nothing. */
export class Directory {
  readonly limits: RoomLimits;
  readonly clock: Clock;
  /** How often rights were withdrawn, as far as this process has seen. */
  readonly grants = new Grants();
  /** When members are let in, whatever their connections. */
  readonly joins: Pace;
  /** The process has too much to do to let anybody in. */
  readonly isOverloaded: () => boolean;
  readonly figures: RoomFigures | undefined;
  /** No member is let in any more. */
  isDrained = false;
  readonly #rooms: readonly HostedRoom[];
  readonly #logs: Readonly<Record<LogKind, Log>>;
  readonly #services: HostServices;
  readonly #hosts = new Map<string, RoomHost>();
  #numbers = 0;

  /** @throws TypeError for two rooms that one name can be of, and for one whose names are the framework's. */
  constructor(rooms: readonly HostedRoom[], logs: Readonly<Record<LogKind, Log>>, services: HostServices) {
    const users = rooms.filter((room) => !isRights(room));
    requireOwnNames(users.map(({ contract }) => contract));
    // The framework's own first: whatever a contract reads, it is not asked for that name.
    this.#rooms = [...rooms.filter(isRights), ...users];
    this.#logs = logs;
    this.#services = services;
    this.limits = services.limits;
    this.clock = services.clock;
    this.figures = services.figures;
    this.joins = new Pace(services.limits.processJoinRate);
    this.isOverloaded = services.isOverloaded ?? (() => false);
  }

  get size(): number {
    return this.#hosts.size;
  }

  /** Bytes of all states that are held, as they were last encoded. */
  get stateBytes(): number {
    let bytes = 0;
    for (const host of this.#hosts.values()) bytes += host.stateBytes;
    return bytes;
  }

  /** Members of all rooms that are open here, and how many of them are behind. */
  countMembers(): { readonly all: number; readonly behind: number } {
    let [all, behind] = [0, 0];
    for (const { delivery } of this.#hosts.values()) {
      all += delivery.size;
      behind += delivery.readers;
    }
    return { all, behind };
  }

  /** The room, if it is open here. */
  get(name: string): RoomHost | undefined {
    return this.#hosts.get(name);
  }

  [Symbol.iterator](): Iterator<RoomHost> {
    return this.#hosts.values();
  }

  /** Which room the name is of; `undefined` for one of no contract. Costs nothing that stays. */
  find(name: string): NamedRoom | undefined {
    for (const room of this.#rooms) {
      const params = room.parseName(name);
      if (params !== undefined) return { name, room, params };
    }
    return undefined;
  }

  /** The room, opened if it must be; `undefined` for a name of no contract. */
  open(name: string): RoomHost | undefined {
    const open = this.#hosts.get(name);
    if (open !== undefined) return open;
    const found = this.find(name);
    if (found === undefined) return undefined;
    const { room, params } = found;
    const host = new RoomHost({ name, number: ++this.#numbers, room, params, log: this.#logs[room.contract.log] }, this.#services);
    this.#hosts.set(name, host);
    return host;
  }

  /** Answers a question on the state at the head, unless something blocks it then. Never rejects. */
  async ask(host: RoomHost, question: Omit<Request, "receivedAt" | "callId">, blocks: () => ErrorCode | undefined): Promise<AskReply> {
    const { room, params, log } = host.facts;
    const { name, user } = question;
    if (room.kindOf(name) !== "question") return failed("NOT_FOUND");
    const receivedAt = log.now();
    const ready = await prepareRequest(room, params, { ...question, receivedAt, callId: undefined });
    if (isRefusal(ready)) return failed(ready.code, ready.path, ready.message);
    host.use();
    try {
      return await host.decider.current(({ states }): AskReply => {
        const blocked = blocks();
        if (blocked !== undefined) return failed(blocked);
        try {
          return room.answerQuestion(name, states, ready.input, { user, params, receivedAt, prepared: ready.prepared });
        } catch (error) {
          report("error", { where: `questions.${name} of ${room.contract.path}`, error });
          return failed("INTERNAL");
        }
      });
    } catch (error) {
      return failed(error instanceof NexiosError ? error.code : "INTERNAL");
    }
  }

  /** Lets go of what nobody uses: traffic of a room without members at once, its state after `idleMs`, then the room. `now` is monotonic. */
  sweep(now: number): void {
    const { idleMs, stateBytes } = this.limits;
    for (const host of this.#hosts.values()) {
      const isOld = now - host.usedAt >= idleMs;
      if (!host.isBusy) {
        host.rest();
        if (isOld) {
          host.close();
          this.#hosts.delete(host.facts.name);
          continue;
        }
      }
      if (isOld) host.forgetState();
    }
    let bytes = this.stateBytes;
    if (bytes <= stateBytes) return;
    for (const host of [...this.#hosts.values()].toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= stateBytes) return;
      bytes -= host.stateBytes;
      host.forgetState();
    }
  }

  close(): void {
    for (const host of this.#hosts.values()) host.close();
    this.#hosts.clear();
  }
}
