import { joinedBy, sum } from "../client/sum.fixture.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { ClientFrame, ServerFrame } from "../protocol/frame.ts";
import { Device } from "./device.ts";
import type { DeviceServices } from "./device-services.ts";
import { Findings } from "./findings.ts";
import { openGate } from "./gate.ts";
import type { Link } from "./link.ts";
import { Network } from "./network.ts";
import { createRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import type { SimulatedWire } from "./wires.ts";

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
  #wire: SimulatedWire | undefined;

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
      connect: async (_user, wire, avoid) => {
        this.#wire = wire;
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
    const encoding = this.#wire?.encoding;
    if (encoding !== undefined) this.links.at(-1)?.server.send(encoding.join(frames.map((frame) => encoding.encode(frame))));
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
      const wire = this.#wire;
      if (wire === undefined) return;
      for (const frame of wire.readClient(wire.fromBytes(message), 100)) {
        if (frame.kind === "unknown") continue;
        if (frame.kind === "hello") this.send(welcome);
        if (frame.kind === "ping") this.send({ kind: "pong", sentAt: frame.sentAt, now: this.scheduler.now });
        this.got.push(frame);
        this.onFrame(frame);
      }
    };
  }
}

const welcome: ServerFrame = {
  kind: "welcome",
  now: 0,
  userId: "ann",
  name: "Ann",
  expiresInMs: undefined,
  messageBytes: 65_536,
  messageFrames: 256,
};
