import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Broker } from "../broker/broker.ts";
import type { LogKind } from "../contract/shape.ts";
import type { SubscriptionLag } from "../events/subscriptions.ts";
import type { Appended, Millis } from "../log/log.ts";
import type { CounterSeries } from "../metrics/counter.ts";
import type { HistogramSeries } from "../metrics/histogram.ts";
import type { Metrics } from "../metrics/registry.ts";
import type { CallReply } from "../rooms/call.ts";
import type { RoomFigures } from "../rooms/room-figures.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Edge } from "../server/edge.ts";
import { type Cancel, repeat } from "../world/clock.ts";
import { report, reportKinds } from "../world/report.ts";
import type { AppRooms } from "./app-rooms.ts";

/** What the framework's figures are read from. */
export interface OwnFiguresOptions {
  readonly metrics: Metrics;
  readonly edge: Edge;
  readonly broker: Broker;
  readonly rooms: () => AppRooms;
}

/** The store is asked for it, so not each second. */
const lagEveryMs = 5_000;
const latencyBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What the framework counts of itself in an app's metrics. What happens often is counted where it happens, all else is read when the metrics are. */
export class OwnFigures implements RoomFigures {
  readonly #options: OwnFiguresOptions;
  readonly #replies: Readonly<Record<CallReply["kind"], CounterSeries>>;
  readonly #appended: Readonly<Record<LogKind, CounterSeries>>;
  readonly #appends: Readonly<Record<LogKind, HistogramSeries>>;
  readonly #delivery: HistogramSeries;
  readonly #onReports: readonly (readonly [channel: string, count: () => void])[];
  #cancel: Cancel | undefined;
  #isAsking = false;

  constructor(options: OwnFiguresOptions) {
    const { metrics } = options;
    this.#options = options;
    const calls = metrics.counter("nexios_calls", { help: "Calls of rooms that were answered, by members and by the server" });
    this.#replies = { accepted: calls.with({ outcome: "accepted" }), refused: calls.with({ outcome: "refused" }), failed: calls.with({ outcome: "error" }) };
    this.#appended = ofLogs(metrics.counter("nexios_entries", { help: "Entries that were appended to rooms" }));
    this.#appends = ofLogs(
      metrics.histogram("nexios_log_append", {
        unit: "seconds",
        bounds: latencyBounds,
        help: "From asking a log for an append to its commit, the decision included",
      }),
    );
    this.#delivery = metrics.histogram("nexios_delivery", {
      unit: "seconds",
      bounds: latencyBounds,
      help: "From the decision of an entry until it was handed to the sockets of members",
    });
    const reports = metrics.counter("nexios_reports", { help: "Reports of the framework, by kind; errors among them" });
    this.#onReports = reportKinds.map((kind) => {
      const series = reports.with({ kind });
      return [`nexios:${kind}`, () => series.add()];
    });
    this.#addReads();
  }

  /** A second call does nothing. */
  start(): void {
    if (this.#cancel !== undefined) return;
    for (const [channel, count] of this.#onReports) subscribe(channel, count);
    this.#cancel = repeat(this.#options.edge.clock, lagEveryMs, () => void this.#askLag());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const [channel, count] of this.#onReports) unsubscribe(channel, count);
  }

  onReply(kind: CallReply["kind"]): void {
    this.#replies[kind].add();
  }

  onDelivered(at: Millis): void {
    const now = this.#rooms?.now();
    if (now !== undefined) this.#delivery.record((now - at) / 1_000);
  }

  /** A log has begun to append. */
  onAppend(kind: LogKind, appending: Promise<Appended>): void {
    const { clock } = this.#options.edge;
    const startedAt = clock.monotonic();
    const count = (result: Appended): void => {
      this.#appends[kind].record((clock.monotonic() - startedAt) / 1_000);
      if (result.kind === "appended") this.#appended[kind].add(result.entries.length);
    };
    // Whoever has asked for it is told when it fails.
    appending.then(count, () => undefined);
  }

  get #rooms(): Rooms | undefined {
    return this.#options.rooms().served?.rooms;
  }

  #addReads(): void {
    const { metrics, edge, broker } = this.#options;
    metrics.gauge("nexios_connections", { help: "WebSockets that are open", read: () => edge.connections.size });
    // One of them is the framework's own.
    metrics.gauge("nexios_rooms", { help: "Rooms that are open", read: () => (this.#rooms?.openRooms ?? NaN) - 1 });
    metrics.gauge("nexios_members", { help: "Connections in rooms, each room counted", read: () => this.#rooms?.countMembers().all ?? NaN });
    metrics.gauge("nexios_slow_members", { help: "Members that are behind, and read from the log", read: () => this.#rooms?.countMembers().behind ?? NaN });
    metrics.gauge("nexios_memory_resident", { unit: "bytes", help: "Memory of the process", read: () => process.memoryUsage.rss() });
    metrics.gauge("nexios_memory_heap", { unit: "bytes", help: "JavaScript's part of it that is used", read: () => process.memoryUsage().heapUsed });
    const readBound = (): number => (this.#rooms?.timeBound.ms ?? NaN) / 1_000;
    metrics.gauge("nexios_clock_bound", { unit: "seconds", merge: "max", help: "How far the rooms' time may be from their store's", read: readBound });
    if (broker.latencyMs !== undefined) {
      const read = (): number => (broker.latencyMs?.() ?? NaN) / 1_000;
      metrics.gauge("nexios_broker_latency", { unit: "seconds", merge: "max", help: "Until the broker had the last message to other processes", read });
    }
    if (broker.onConnection === undefined) return;
    let isConnected = true;
    broker.onConnection((isNow) => (isConnected = isNow));
    metrics.gauge("nexios_broker_connected", { merge: "min", help: "1 while the other processes can be reached", read: () => Number(isConnected) });
  }

  async #askLag(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      for (const lag of await this.#options.rooms().subscriptions.lag()) this.#showLag(lag);
    } catch (error) {
      // There are none, or they stop.
      if (error instanceof NexiosError && error.code === "STOPPED") return;
      report("error", { where: "the lag of subscriptions", error });
    } finally {
      this.#isAsking = false;
    }
  }

  #showLag({ name, entries, oldestAt, failing, deadLetters }: SubscriptionLag): void {
    const { metrics, edge } = this.#options;
    // All processes read one store: what each of them says is the same.
    const shown = (metric: string, help: string) => metrics.gauge(metric, { merge: "max", help }).with({ subscription: name });
    shown("nexios_subscription_lag", "Entries that wait for a subscription").set(entries);
    metrics
      .gauge("nexios_subscription_age", { unit: "seconds", merge: "max", help: "How long the oldest entry has waited for a subscription" })
      .with({ subscription: name })
      .set(oldestAt === undefined ? 0 : Math.max(0, edge.clock.now() - oldestAt) / 1_000);
    shown("nexios_subscription_failing", "Logs of which a subscription tries an entry again").set(failing);
    shown("nexios_dead_letters", "Entries that a subscription has given up").set(deadLetters);
  }
}

function ofLogs<Series>(metric: { with(labels: { readonly log: string }): Series }): Readonly<Record<LogKind, Series>> {
  return { durable: metric.with({ log: "durable" }), volatile: metric.with({ log: "volatile" }) };
}
