import { MemoryNetwork } from "../broker/memory-broker.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import type { PresenceFrame } from "./presence-frames.ts";
import { Processes } from "./processes.ts";
import { defaultPresenceLimits, type PresenceLimits, RoomPresence } from "./room-presence.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A frame as short words. */
function toWords(frame: PresenceFrame): string {
  if (frame.kind === "people") return `people ${frame.people?.map(({ userId }) => userId).join(" ") ?? "?"} of ${frame.count}`;
  return [...frame.put.map(({ userId, state }) => `+${userId} ${decoder.decode(state)}`), ...frame.drop.map((userId) => `-${userId}`)].join(", ");
}

/** Processes that have one room open. */
export class PresenceWorld {
  readonly clock = new ManualClock();
  readonly network = new MemoryNetwork();
  /** What servers were told, with the process. */
  readonly gone: string[] = [];
  readonly limits: PresenceLimits;
  /** Which messages the broker loses. */
  loses = (_message: string): boolean => false;

  constructor(limits: Partial<PresenceLimits> = {}) {
    this.limits = { ...defaultPresenceLimits, ...limits };
  }

  /** Time for messages and what they cause, and `ms` more. */
  async pass(ms = 0): Promise<void> {
    for (const each of [0, 0, ms, 0, 0]) await this.clock.advance(each);
  }

  /** `skewMs`: how far its idea of the store's time is ahead. */
  async open(processId: string, skewMs = 0) {
    const { clock, limits } = this;
    const broker = this.network.join();
    const frames: string[] = [];
    const sent: string[] = [];
    const presence = new RoomPresence(
      { processId, clock, now: () => clock.now() + skewMs, limits, isAlone: () => processes.alive.size === 0 },
      {
        publish: (message) => {
          const text = decoder.decode(message);
          sent.push(text);
          if (!this.loses(text)) broker.publish("room", message);
        },
        onFrame: (frame) => frames.push(toWords(frame)),
        onGone: (userId, reason) => this.gone.push(`${processId}: ${userId} ${reason}`),
      },
    );
    const processes = new Processes({
      processId,
      broker,
      clock,
      onNew: (id) => presence.processNew(id),
      onGone: (id, how) => (how === "stopped" ? presence.processStopped(id) : presence.processGone(id)),
    });
    await broker.subscribe("room", (message) => {
      const from = presence.take(message);
      if (from !== undefined) processes.hear(from);
    });
    presence.askAll();
    await processes.start();
    await this.pass(50);
    return {
      presence,
      broker,
      stop: () => processes.stop(),
      frames,
      sent,
      put: (id: string, userId = id, state = "1") => presence.put({ id, user: { id: userId, name: userId } }, encoder.encode(state)),
      here: () =>
        presence
          .view()
          .people?.map(({ userId, state }) => `${userId} ${decoder.decode(state)}`)
          .toSorted()
          .join(", "),
    };
  }
}
