import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { vi } from "vitest";
import { inboxRoom, type NewEndpoint, type NewNotification } from "./contract.ts";
import { addInbox, type Inboxes, type OpenedEndpoint } from "./notifications.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Sender, SendOutcome } from "./sender.ts";
import { addSending, type SendingOptions } from "./sending.ts";
import type { InboxOptions } from "./serve-inbox.ts";

export const inboxOptions: InboxOptions = {
  categories: { outbid: { email: "on" }, mention: { push: "digest", email: "off" } },
  endpointSecret: "a secret of the tests, 32 letters long",
};

/** An app with inboxes that sends, under a clock that is moved by hand. */
export class SendingHouse {
  readonly clock = new ManualClock();
  readonly #folder = mkdtempSync(join(tmpdir(), "nexios-sending-"));
  #app: NexiosApp | undefined;
  #inbox: Inboxes | undefined;

  get app(): NexiosApp {
    return found(this.#app);
  }

  get inbox(): Inboxes {
    return found(this.#inbox);
  }

  async open(sending: Omit<SendingOptions, "clock">, options: Partial<InboxOptions> = {}): Promise<void> {
    await this.#app?.stop({ deadlineMs: 200 });
    this.#app = new NexiosApp({ clock: this.clock, random: () => 0.5, rooms: { folder: this.#folder, synchronous: "normal" } });
    this.#inbox = addInbox(this.#app, { ...inboxOptions, ...options });
    addSending(this.#app, this.#inbox, { ...sending, clock: this.clock });
    await this.#app.start();
  }

  async close(): Promise<void> {
    await this.#app?.stop({ deadlineMs: 200 });
    rmSync(this.#folder, { recursive: true });
  }

  room(userId = "ann") {
    return this.app.room(inboxRoom, { userId });
  }

  notify(notification: Partial<NewNotification> = {}, userId = "ann") {
    return this.inbox.notify(userId, { category: "outbid", title: "Somebody has bid more", ...notification });
  }

  /** What came of a channel's deliveries so far, as `label status`, in the order of the reports. */
  async reports(channel: "push" | "email", userId = "ann"): Promise<readonly string[]> {
    const entries = await this.room(userId).entries(0, 1_000);
    const labels = new Map(entries.flatMap(({ value }) => (value.kind === "endpointAdded" ? [[value.endpoint.id, value.endpoint.label] as const] : [])));
    return entries.flatMap(({ value }) => {
      if (value.kind !== "delivered" || !value.delivery.endsWith(channel)) return [];
      const { endpoint, status, error } = value.outcome;
      return [`${labels.get(endpoint)} ${status}${error === undefined ? "" : `: ${error}`}`];
    });
  }

  /** Lets time pass until the newest notification's turn to be mailed has come, or has passed by. */
  untilMailIsDue(): Promise<void> {
    return this.until(async () => {
      const { items } = await this.room().state();
      if (items[0]?.steps.length !== 0) throw new Error("It is not due yet");
    }, 60_000);
  }

  /** Lets time pass, a second at a time, until it holds. */
  async until(holds: () => Promise<void> | void, stepMs = 1_000): Promise<void> {
    await vi.waitFor(
      async () => {
        await this.clock.advance(stepMs);
        await holds();
      },
      { timeout: 20_000, interval: 10 },
    );
  }
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("It is not open");
  return value;
}

export function phone(label: string, endpoint = `https://push.example/${label}`): NewEndpoint {
  return { channel: "push", label, subscription: { endpoint, keys: { p256dh: "BKEY", auth: "AUTH" } } };
}

export const mail: NewEndpoint = { channel: "email", label: "mail", address: "ann@example.com" };

/** Sends nowhere: notes what it is given, and answers as it is told. */
export class PaperSender implements Sender {
  readonly given: { readonly to: string; readonly outgoing: Outgoing }[] = [];
  readonly #answer: (to: string, count: number) => SendOutcome | Promise<SendOutcome>;

  /** `answer` is given where to, and the how manyth it is there. */
  constructor(answer: (to: string, count: number) => SendOutcome | Promise<SendOutcome> = () => ({ kind: "sent" })) {
    this.#answer = answer;
  }

  get sent(): readonly string[] {
    return this.given.map(({ to, outgoing }) => `${outgoing.delivery} to ${to}`);
  }

  async send(outgoing: Outgoing, { secret }: OpenedEndpoint): Promise<SendOutcome> {
    const to = "address" in secret ? secret.address : (secret.subscription.endpoint.split("/").at(-1) ?? "");
    this.given.push({ to, outgoing });
    return this.#answer(to, this.given.filter((each) => each.to === to).length);
  }
}
