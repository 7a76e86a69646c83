import { crc32 } from "node:zlib";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import { encodeJson } from "../contract/json.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { ClientFrame, EntryFrame, ServerFrame } from "../protocol/frame.ts";
import { decodeClientFrames } from "../protocol/json-decoding.ts";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import type { Position } from "../protocol/position.ts";
import { Device } from "./device.ts";
import type { DeviceServices } from "./device-services.ts";
import { Findings } from "./findings.ts";
import { openGate } from "./gate.ts";
import type { Link } from "./link.ts";
import { Network } from "./network.ts";
import { createRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";

/** A sum: what a test's room is. */
export const sum = defineRoom("sum/{id}", {
  log: "durable",
  entry: type<{ by: number }>(),
  state: type<{ sum: number }>(),
  calls: { add: { input: type<{ by: number }>() } },
  presence: type<{ at: number }>(),
}).fold({ sum: 0 }, (state, { by }) => ({ sum: state.sum + by }));

type ClientFrameOf<Kind extends ClientFrame["kind"]> = ClientFrame & { readonly kind: Kind };

/** One device, and a server that does nothing but what a test says. */
export class Bench {
  readonly scheduler = new Scheduler();
  readonly findings = new Findings(() => this.scheduler.now);
  /** All frames of the device, over all connections. */
  readonly got: ClientFrame[] = [];
  readonly links: Link[] = [];
  /** Answers each frame, if a test wants. */
  onFrame: (frame: ClientFrame) => void = () => {};
  /** The processes that the device wants to get away from, one for each connection. */
  readonly avoided: (number | undefined)[] = [];
  isDown = false;
  readonly device: Device;

  /** `secret`: what the device may not be sent. */
  constructor(secret?: string) {
    const random = createRandom(1);
    const network = new Network(this.scheduler, random.fork("network"));
    const server = { gate: openGate, isUp: true, accept: (link: Link): void => this.#accept(link) };
    const services: DeviceServices = {
      scheduler: this.scheduler,
      random: random.fork("device"),
      findings: this.findings,
      now: () => this.scheduler.now,
      connect: async (_user, avoid) => {
        this.avoided.push(avoid);
        if (this.isDown) throw new NexiosError("UNAVAILABLE", "Nobody is there");
        return { link: await network.connect(server), process: this.links.length % 2 };
      },
      contractsOf: () => [sum],
    };
    this.device = new Device("ann#0", { id: "ann", name: "Ann" }, services, secret === undefined ? undefined : new TextEncoder().encode(secret));
  }

  /** What broke a rule. */
  get broken(): readonly string[] {
    return this.findings.violations.map(({ what }) => what);
  }

  of<Kind extends ClientFrame["kind"]>(kind: Kind): readonly ClientFrameOf<Kind>[] {
    return this.got.filter((frame): frame is ClientFrameOf<Kind> => frame.kind === kind);
  }

  /** Sends frames over the newest link, in one message. */
  send(...frames: readonly ServerFrame[]): void {
    this.links.at(-1)?.server.send(jsonEncoding.join(frames.map((frame) => jsonEncoding.encode(frame))));
  }

  /** Lets each join in at once: with a snapshot of 0 at the beginning of a log, or where the device stands. */
  letIn(): void {
    this.onFrame = (frame) => {
      if (frame.kind === "join") this.send(...joinedBy(frame));
    };
  }

  run(ms = 200): Promise<void> {
    return this.scheduler.run(ms);
  }

  #accept(link: Link): void {
    this.links.push(link);
    link.server.onMessage = (message) => {
      for (const frame of decodeClientFrames(new TextDecoder().decode(message), { frames: 100 })) {
        if (frame.kind === "unknown") continue;
        this.got.push(frame);
        this.onFrame(frame);
      }
    };
  }
}

/** The answer to a join of a log that has nothing yet, or that the device knows. */
export function joinedBy({ id, since }: ClientFrameOf<"join">): readonly ServerFrame[] {
  if (since !== undefined) return [{ kind: "joined", id, room: 7, head: since, snapshot: undefined }];
  return [
    { kind: "joined", id, room: 7, head: start, snapshot: "new" },
    {
      kind: "snapshot",
      room: 7,
      position: start,
      why: "new",
      version: 1,
      part: 0,
      parts: 1,
      inflatedBytes: undefined,
      payload: { format: "json", bytes: encodeJson({ sum: 0 }) },
    },
  ];
}

/** The beginning of the log. */
export const start: Position = { epoch: "e", count: 0, check: 0 };

/** Entries that follow each other from the beginning, each adding its number. */
export function entries(count: number): readonly EntryFrame[] {
  let check = 0;
  return Array.from({ length: count }, (_, index) => {
    const bytes = encodeJson({ by: index + 1 });
    check = crc32(bytes, check);
    const epoch = index === 0 ? "e" : undefined;
    return { kind: "entry", room: 7, count: index + 1, check, epoch, at: 5, callId: undefined, version: 1, payload: { format: "json", bytes } };
  });
}

/** The one of that count. */
export function entry(count: number): EntryFrame {
  const found = entries(count).at(-1);
  if (found === undefined) throw new TypeError("Entries count from 1");
  return found;
}

/** Where a device stands that has the first so many. */
export function positionAfter(count: number): Position {
  return count === 0 ? start : { epoch: "e", count, check: entry(count).check };
}
