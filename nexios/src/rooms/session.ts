import type { CloseName, ErrorCode } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { ClientFrame, ReceivedClientFrame } from "../protocol/frame.ts";
import type { Cancel } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { Gateway } from "./gateway.ts";
import { Replies } from "./replies.ts";
import type { Proof, SessionServices } from "./session-services.ts";
import { toUserLine } from "./user-line.ts";
import { WaitingFrames } from "./waiting-frames.ts";

type Frame<Kind extends ClientFrame["kind"]> = ClientFrame & { readonly kind: Kind };

const nothing: Cancel = () => undefined;

/** One connection from its first message on: it says who it is, measures clocks, and goes to its rooms. It knows no socket, and never throws. */
export class Session {
  readonly #services: SessionServices;
  readonly #replies: Replies;
  readonly #waiting: WaitingFrames;
  #cancelHello: Cancel;
  #state: "silent" | "proving" | "open" | "ended" = "silent";
  #gateway: Gateway | undefined;
  #isRenewing = false;

  constructor(services: SessionServices) {
    const { line, limits, clock } = services;
    this.#services = services;
    this.#replies = new Replies(line);
    this.#waiting = new WaitingFrames({ messages: limits.waitingMessages, bytes: limits.waitingBytes });
    this.#cancelHello = clock.after(limits.helloMs, () => this.#close("NO_PONG", "no hello in time"));
  }

  /** Takes a whole message. */
  take(message: string | Uint8Array): void {
    if (this.#state === "ended") return;
    if (this.#state === "silent" && Buffer.byteLength(message) > this.#services.limits.helloBytes) return this.#close("TOO_BIG", "the hello is too long");
    let frames: readonly ReceivedClientFrame[];
    try {
      frames = this.#services.decode(message);
    } catch (error) {
      return this.#reject(error);
    }
    const waits = this.#state !== "open" && frames.some(({ kind }) => kind !== "hello" && kind !== "ping");
    if (waits && !this.#waiting.admit(Buffer.byteLength(message))) return this.#close("TOO_FAST", "too much before the hello was answered");
    try {
      for (const frame of frames) this.#takeFrame(frame);
    } catch (error) {
      // Nobody else's connection, and not the process.
      this.#giveUp("taking a message", error);
    }
  }

  /** The socket has taken everything. */
  drained(): void {
    this.#gateway?.drained();
  }

  /** The message was not taken, and is not looked at: so its sender is told. */
  refuse(code: ErrorCode, message: string, retryAfterMs?: number): void {
    if (this.#state !== "ended") this.#replies.ignore(undefined, code, { message, retryAfterMs });
  }

  /** Takes no more calls; resolves when those under way have been answered. */
  async retire(): Promise<void> {
    await this.#gateway?.retire();
  }

  /** The connection is gone. */
  ended(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#cancelHello();
    this.#replies.end();
    this.#waiting.clear();
    this.#gateway?.ended();
  }

  #takeFrame(frame: ReceivedClientFrame): void {
    if (this.#state === "ended") return;
    if (this.#state === "silent" && frame.kind !== "hello") return this.#close("UNAUTHORIZED", "the first frame must be a hello");
    switch (frame.kind) {
      case "hello":
        if (this.#state !== "silent") return this.#close("INVALID", "a second hello");
        return void this.#prove(frame);
      case "ping":
        return this.#replies.send({ kind: "pong", sentAt: frame.sentAt, now: this.#services.now() });
      case "renew":
        return void this.#renew(frame);
      default:
        if (this.#gateway === undefined) this.#waiting.push(frame);
        else this.#gateway.take(frame);
    }
  }

  async #prove({ token, inflates }: Frame<"hello">): Promise<void> {
    this.#cancelHello();
    this.#cancelHello = nothing;
    this.#state = "proving";
    try {
      const proof = await this.#services.authenticate(token);
      // It may have left meanwhile.
      if (this.#state === "proving") this.#open(proof, inflates);
    } catch (error) {
      this.#turnAway(error);
    }
  }

  #open({ user, expiresAt }: Proof, inflates: boolean): void {
    const { line, limits, now, connect } = this.#services;
    const gateway = connect(toUserLine(line, { user, inflates }));
    this.#gateway = gateway;
    this.#state = "open";
    const { messageBytes, messageFrames } = limits;
    this.#replies.send({
      kind: "welcome",
      now: now(),
      userId: user.id,
      name: user.name,
      expiresInMs: this.#left(expiresAt),
      messageBytes,
      messageFrames,
    });
    for (const frame of this.#waiting.clear()) gateway.take(frame);
  }

  async #renew({ id, token }: Frame<"renew">): Promise<void> {
    // One at a time: of two tokens the later one must count, and a flood of them is no work.
    if (this.#isRenewing || this.#state !== "open") return this.#replies.fail(id, "TOO_MANY");
    this.#isRenewing = true;
    try {
      const { expiresAt } = await this.#services.renew(token);
      this.#replies.send({ kind: "renewed", id, expiresInMs: this.#left(expiresAt) });
    } catch (error) {
      if (!(error instanceof NexiosError)) report("error", { where: "renewing a token", error });
      const { code, message } = error instanceof NexiosError ? error : { code: "INTERNAL" as const, message: "The token could not be looked at" };
      this.#replies.fail(id, code, { message });
    } finally {
      this.#isRenewing = false;
    }
  }

  #left(expiresAt: number | undefined): number | undefined {
    return expiresAt === undefined ? undefined : Math.max(0, expiresAt - this.#services.clock.now());
  }

  /** Nothing of a message that can't be read is taken. */
  #reject(error: unknown): void {
    if (!(error instanceof NexiosError)) return this.#giveUp("reading a message", error);
    const { code, message, path } = error;
    this.#replies.ignore(undefined, code, { message, path });
    this.#close("INVALID", code);
  }

  #turnAway(error: unknown): void {
    if (this.#state === "ended") return;
    const status = error instanceof NexiosError ? error.status : 500;
    if (status === 401 || status === 403) return this.#close(status === 401 ? "UNAUTHORIZED" : "FORBIDDEN", error instanceof NexiosError ? error.code : "");
    this.#giveUp("authenticating a hello", error);
  }

  #giveUp(where: string, error: unknown): void {
    report("error", { where, error });
    this.#close("INTERNAL", "something failed on the server");
  }

  #close(name: CloseName, reason: string): void {
    if (this.#state === "ended") return;
    this.#services.line.close(name, reason);
    this.ended();
  }
}
