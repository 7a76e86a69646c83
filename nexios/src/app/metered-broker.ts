import type { Broker } from "../broker/broker.ts";
import type { CounterSeries } from "../metrics/counter.ts";
import type { Metrics } from "../metrics/registry.ts";
import { isPresenceMessage } from "../rooms/room-message.ts";

/** What a message from another process is of: `processes` tells who lives, and what each counts. */
type Kind = "room" | "presence" | "group" | "channel" | "processes" | "other";

/** Counts what this process takes from others by the broker, which is otherwise as it was. */
export function meterBroker(broker: Broker, metrics: Metrics): Broker {
  const received = metrics.counter("nexios_broker_received", { help: "Messages from other processes, by what they are of" });
  const series: Readonly<Record<Kind, CounterSeries>> = {
    room: received.with({ kind: "room" }),
    presence: received.with({ kind: "presence" }),
    group: received.with({ kind: "group" }),
    channel: received.with({ kind: "channel" }),
    processes: received.with({ kind: "processes" }),
    other: received.with({ kind: "other" }),
  };
  return {
    publish: (topic, message) => broker.publish(topic, message),
    subscribe(topic, deliver) {
      const kind = kindOf(topic);
      return broker.subscribe(topic, (message) => {
        series[kind === "room" && isPresenceMessage(message) ? "presence" : kind].add();
        deliver(message);
      });
    },
    unsubscribe: (topic) => broker.unsubscribe(topic),
    keeper: broker.keeper,
    get payloadBytes() {
      return broker.payloadBytes;
    },
    ...(broker.onConnection !== undefined && { onConnection: (listener) => broker.onConnection?.(listener) }),
    ...(broker.hasOthers !== undefined && { hasOthers: () => broker.hasOthers?.() !== false }),
    ...(broker.latencyMs !== undefined && { latencyMs: () => broker.latencyMs?.() }),
    close: () => broker.close(),
  };
}

function kindOf(topic: string): Kind {
  if (topic.startsWith("room/")) return "room";
  if (topic.startsWith("group:")) return "group";
  if (topic.startsWith("channels:")) return "channel";
  return topic.startsWith("nexios/") ? "processes" : "other";
}
