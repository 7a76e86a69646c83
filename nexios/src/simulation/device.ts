import type { RoomUser } from "../contract/serve-options.ts";
import { closeCodes, type CloseName } from "../protocol/codes.ts";
import type { Cancel } from "../world/clock.ts";
import { backoffMs } from "./backoff.ts";
import { DeviceLine, type DrainFrame } from "./device-line.ts";
import { DeviceRoom } from "./device-room.ts";
import type { DeviceServices } from "./device-services.ts";
import type { Link } from "./link.ts";

/** A stretch in which the device had a connection. */
export interface Connection {
  readonly link: Link;
  readonly process: number;
  readonly fromMs: number;
  untilMs: number | undefined;
}

/** A connection that held so long was a good one. */
const goodMs = 5_000;

/** A member as simple and as right as can be: it comes back when it is cut off, resumes where it stood, and sends again what was not answered. */
export class Device {
  readonly name: string;
  readonly user: RoomUser;
  readonly rooms = new Map<string, DeviceRoom>();
  readonly connections: Connection[] = [];
  readonly #services: DeviceServices;
  readonly #secret: Uint8Array | undefined;
  #line: DeviceLine | undefined;
  #isOn = false;
  /** Tells one attempt to connect from the next. */
  #attempt = 0;
  #failures = 0;
  #avoid: number | undefined;
  #cancelDrain: Cancel | undefined;

  /** `secret`: bytes that no message to it may contain. */
  constructor(name: string, user: RoomUser, services: DeviceServices, secret?: Uint8Array) {
    this.name = name;
    this.user = user;
    this.#services = services;
    this.#secret = secret;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Its connection, while it has one. */
  get link(): Link | undefined {
    return this.#line?.link;
  }

  /** The process that it is connected to. */
  get process(): number | undefined {
    return this.#line?.process;
  }

  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    void this.#connect();
  }

  /** It is gone without a word, as when its machine is switched off. */
  stop(): void {
    this.#isOn = false;
    const link = this.link;
    this.#drop();
    link?.kill(link.client);
  }

  /** The room, which it enters as soon as it is connected, and whenever it is again. */
  join(room: string, presence?: unknown): DeviceRoom {
    const known = this.rooms.get(room);
    if (known !== undefined) {
      if (!known.isWanted) known.enter(presence);
      return known;
    }
    const joined = new DeviceRoom(room, presence, this.#services, this.name, () => this.#goElsewhere());
    this.rooms.set(room, joined);
    if (this.#line !== undefined) joined.begin(this.#line);
    return joined;
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    const connected = await this.#services.connect(this.user, this.#avoid).catch(() => undefined);
    if (attempt !== this.#attempt || !this.#isOn) return connected?.link.client.close();
    if (connected === undefined) return this.#connectLater();
    const line = new DeviceLine(connected, this.#services.findings, {
      onDrain: (frame) => this.#drain(frame),
      onBytes: (message) => this.#inspect(message),
    });
    connected.link.client.onClose = (why) => this.#lost(line, why);
    this.#line = line;
    this.connections.push({ ...connected, fromMs: this.#services.scheduler.now, untilMs: undefined });
    for (const room of this.rooms.values()) room.begin(line);
  }

  #connectLater(): void {
    const attempt = this.#attempt;
    this.#services.scheduler.after(backoffMs(this.#failures++, this.#services.random), () => {
      if (attempt === this.#attempt && this.#isOn) void this.#connect();
    });
  }

  #lost(line: DeviceLine, why: string | undefined): void {
    if (this.#line !== line) return;
    if (isFinal(why)) this.#services.findings.report("protocol", `${this.name} was closed with ${why}`);
    const { fromMs = 0 } = this.connections.at(-1) ?? {};
    if (this.#services.scheduler.now - fromMs >= goodMs) this.#failures = 0;
    this.#avoid = line.process;
    this.#drop();
    this.#connectLater();
  }

  /** Goes elsewhere at a moment of its own. */
  #drain({ afterMs, windowMs }: DrainFrame): void {
    const line = this.#line;
    if (line === undefined || this.#cancelDrain !== undefined) return;
    this.#cancelDrain = this.#services.scheduler.after(afterMs + this.#services.random.next() * windowMs, () => {
      this.#failures = 0;
      this.#goElsewhere();
    });
  }

  #goElsewhere(): void {
    if (this.#line === undefined) return;
    this.#line.link.client.close("GOING_AWAY");
    this.#lost(this.#line, undefined);
  }

  #drop(): void {
    this.#cancelDrain?.();
    this.#cancelDrain = undefined;
    this.#line = undefined;
    const connection = this.connections.at(-1);
    if (connection !== undefined) connection.untilMs ??= this.#services.scheduler.now;
    for (const room of this.rooms.values()) room.end();
  }

  #inspect(message: Uint8Array): void {
    if (this.#secret !== undefined && Buffer.from(message.buffer, message.byteOffset, message.length).includes(this.#secret)) {
      this.#services.findings.report("secrets", `${this.name} got ${new TextDecoder().decode(message).slice(0, 500)}`);
    }
  }
}

/** What the server closes with a code of the 44xx range is not to be tried again. */
function isFinal(why: string | undefined): boolean {
  return why !== undefined && why in closeCodes && Math.floor(closeCodes[why as CloseName] / 100) === 44;
}
