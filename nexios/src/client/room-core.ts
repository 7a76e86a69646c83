import type { RoomFacts } from "../contract/room-contract.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { Cancel } from "../world/clock.ts";
import { type Expect, expectedState } from "./expected-state.ts";
import type { Hub } from "./hub.ts";
import { createListeners, throwLater } from "./listeners.ts";
import type { RoomFrame } from "./received-frame.ts";
import { toOutcome } from "./outcome.ts";
import type { Request } from "./request.ts";
import { type Copied, createRoomCopy, type RoomCopy, type TakenEntry } from "./room-copy.ts";
import { createRoomLink, type Place } from "./room-link.ts";
import { peopleAfter, type RoomPeople } from "./room-people.ts";
import { createRoomPresence } from "./room-presence.ts";
import { createRoomRequests } from "./room-requests.ts";
import type { ReceivedSignal, RequestOptions, RoomStatus } from "./room-types.ts";
import type { Session } from "./session.ts";
import { toSendable } from "./sendable.ts";
import { failed, type PendingCall, type Settled } from "./settled.ts";
import { createTimer } from "./timer.ts";

/** A room of a client, without its types: `ClientRoom` says what each public member promises. */
export interface RoomCore extends RoomPeople, Copied {
  readonly name: string;
  status: RoomStatus;
  readonly state: unknown;
  /** What `readHistory` needs: where the client is in the room, while it is, and how an entry is read there. */
  readonly hub: Hub;
  readonly place: Place | undefined;
  readonly read: RoomCopy["read"];
  readonly pending: readonly Request[];
  readonly isHeld: boolean;
  hold(): () => void;
  leave(): void;
  expect(expect?: Expect): void;
  call(name: string, input: unknown, options?: RequestOptions): Promise<unknown>;
  ask(name: string, input: unknown, options?: RequestOptions): Promise<unknown>;
  signal(name: string, payload: unknown): void;
  show(state: unknown): void;
  readonly onChange: (listener: () => void) => Cancel;
  readonly onEntry: (listener: (entry: TakenEntry) => void) => Cancel;
  readonly onSignal: (listener: (signal: ReceivedSignal) => void) => Cancel;
  readonly onSettled: (listener: (call: PendingCall, settled: Settled) => void) => Cancel;
  /** Takes another version of the contract, as a reloaded module has it. */
  adopt(contract: RoomFacts): void;
  /** There is a connection, or none any more. */
  begin(session: Session | undefined): void;
  /** The client may not come back, or is closed. */
  fail(code: ErrorCode): void;
}

export function createRoomCore(name: string, contract: RoomFacts, firstPresence: unknown, hub: Hub): RoomCore {
  const { clock } = hub.world;
  const [onChange, tellChange] = createListeners<[]>();
  const [onEntry, tellEntry] = createListeners<[TakenEntry]>();
  const [onSignal, tellSignal] = createListeners<[ReceivedSignal]>();
  const [onSettled, tellSettled] = createListeners<[PendingCall, Settled]>();
  const linger = createTimer(clock);
  const presence = createRoomPresence(firstPresence, hub, (state) => link.send({ kind: "presence", state }));
  let expected: Expect = {};
  let holds = 0;
  let shown: unknown;
  let isChanged = false;

  const link = createRoomLink(hub, {
    join() {
      copy.join();
      return { room: name, version: core.contract.version, since: core.position, presence: presence.join() };
    },
    joined({ why, position }, place) {
      copy.begin(position, why);
      setStatus("catching-up");
      presence.joined();
      requests.begin(place);
      moved();
    },
    take(frame) {
      copy.inTurn(() => {
        // What is behind an inflated snapshot may lead astray, as anything may.
        if (link.place) attempt(() => take(frame));
      });
    },
    left(code, isForGood) {
      requests.end();
      copy.begin();
      if (core.status.kind === "idle" || isFinal()) return;
      if (!isForGood) return away(code);
      if (code === "OUTDATED") return setStatus("outdated", code);
      // Who can't have the room, or may not any more, keeps nothing of it.
      copy.reset();
      setStatus("refused", code);
      requests.advance(code);
    },
  });

  function isFinal(): boolean {
    return core.status.kind === "outdated" || core.status.kind === "refused";
  }

  function requester(kind: Request["kind"]): RoomCore["call"] {
    return async (asked, input, options) => {
      return toOutcome(
        isFinal() ? failed(core.status.code ?? "OUTDATED") : await requests.make(kind, asked, input, options),
        core.contract.log,
        `${asked} of ${name}`,
      );
    };
  }

  function take(frame: RoomFrame): void {
    switch (frame.kind) {
      case "entry":
      case "snapshot":
        if (frame.version > core.contract.version) {
          // What is pending may be sent by the page that comes after a reload.
          setStatus("outdated", "OUTDATED");
          return link.leave();
        }
        return copy.take(frame);
      case "signal":
        return tellSignal({ name: frame.name, userId: frame.userId, payload: frame.value });
      case "ignored":
        return presence.refused(frame.code);
      case "people":
      case "presence":
        Object.assign(core, peopleAfter(core, frame));
        changed();
    }
  }

  function attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      // The contract can't take what is in the log, or has failed half-way: a snapshot is the way round it.
      throwLater(error);
      copy.reset();
      link.fail("INTERNAL");
    }
  }

  /** The room stands elsewhere than before. */
  function moved(bySnapshot = false): void {
    changed();
    requests.advance();
    if (!copy.arrives(bySnapshot)) return;
    link.settled();
    setStatus("live");
  }

  function away(code?: ErrorCode): void {
    setStatus(core.position ? "stale" : "joining", code);
  }

  function setStatus(kind: RoomStatus["kind"], code?: ErrorCode): void {
    if (kind === core.status.kind && code === core.status.code) return;
    core.status = { kind, code };
    changed();
  }

  /** All that one message changes is told once. */
  function changed(): void {
    shown = undefined;
    if (isChanged) return;
    isChanged = true;
    clock.afterTurn(() => {
      isChanged = false;
      tellChange();
    });
  }

  function leave(): void {
    if (holds === 0 || --holds > 0) return;
    linger.set(hub.limits.lingerMs, () => {
      setStatus("idle");
      link.leave();
      hub.leave(core);
    });
  }

  const core: RoomCore = {
    name,
    contract,
    status: { kind: "idle", code: undefined },
    hub,
    get place() {
      return link.place;
    },
    read: (frame) => copy.read(frame),
    position: undefined,
    confirmedState: undefined,
    lastResume: undefined,
    get state() {
      return (shown ??= expectedState(core, expected, hub.status.user));
    },
    people: [],
    peopleCount: 0,
    get pending() {
      return requests.pending;
    },
    get isHeld() {
      return holds > 0;
    },
    hold() {
      linger.stop();
      if (core.status.kind === "idle") {
        hub.hold(core);
        away();
        requests.load();
        link.hold();
      }
      holds++;
      let isHeld = true;
      return () => {
        if (isHeld) leave();
        isHeld = false;
      };
    },
    leave,
    expect(next = {}) {
      expected = next;
    },
    call: requester("call"),
    ask: requester("ask"),
    signal(sent, payload) {
      toSendable(payload);
      link.send({ kind: "signal", name: sent, payload });
    },
    show: presence.show,
    onChange,
    onEntry,
    onSignal,
    onSettled,
    adopt(next) {
      if (next === core.contract) return;
      copy.reset(next);
      changed();
      if (core.status.kind === "idle") return;
      away();
      link.again();
    },
    begin: link.begin,
    fail(code) {
      if (code === "CONNECTION_CLOSED") linger.stop();
      requests.advance(code);
    },
  };
  const copy = createRoomCopy(core, hub, {
    onMoved(entry) {
      if (!entry) return moved(true);
      requests.see(entry.callId);
      moved();
      tellEntry(entry);
    },
    onAstray: link.again,
    onReady: attempt,
  });
  const requests = createRoomRequests(hub, core, { onChange: changed, onSettled: tellSettled });
  return core;
}
