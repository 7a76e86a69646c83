import { channel as diagnostics } from "node:diagnostics_channel";
import type { Handling } from "nexios";
import type { DeliveryReport } from "./contract.ts";
import type { DigestedEntry, DueEntry, Moment, SentChannel } from "./entry.ts";
import type { Inboxes, OpenedEndpoint } from "./notifications.ts";
import { type DigestTitle, type Outgoing, toStanding } from "./outgoing.ts";
import type { Sender, SendOutcome } from "./sender.ts";
import type { Inbox } from "./state.ts";

/** What sending on one channel needs. */
export interface DispatchOptions {
  readonly channel: SentChannel;
  readonly sender: Sender;
  readonly giveUpMs: number;
  readonly digestTitle: DigestTitle;
  readonly now: () => Moment;
  readonly inboxes: Pick<Inboxes, "open" | "delivered" | "postpone">;
  readonly stateOf: (userId: string) => Promise<Inbox>;
}

/** Endpoints whose providers have asked to wait, by their ids; of more the oldest are asked again too early. */
const mostHeld = 10_000;
const longestError = 300;
const reports = diagnostics("nexios:error");
type Report = Omit<DeliveryReport, "delivery" | "attempt">;

/** Sends deliveries of one channel to all endpoints that have not got them, and takes down what came of each. */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #heldUntil = new Map<string, Moment>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** @throws Error when it has to be tried again */
  async handle(entry: DueEntry | DigestedEntry, { params, attempt, signal }: Handling): Promise<void> {
    const { channel, digestTitle, inboxes, stateOf, now, giveUpMs } = this.#options;
    const { userId = "" } = params;
    const state = await stateOf(userId);
    const standing = toStanding(state, entry, { userId, now: now(), digestTitle });
    const done = new Set(standing.attempts.map(({ endpoint }) => endpoint));
    const open = state.endpoints.filter((endpoint) => endpoint.channel === channel && !done.has(endpoint.id));
    // Its own call id would differ between tries, since others are left by then: it is the state that makes a report count once, as the one that ends its endpoint's tries.
    const report = (outcome: Report) => inboxes.delivered(userId, { ...outcome, delivery: entry.delivery, attempt });
    if (standing.kind === "drop") {
      // There is nothing left that it could stand with.
      if (standing.why === "gone") return;
      for (const { id } of open) await report({ endpoint: id, status: "dropped", error: standing.why });
      return;
    }
    if (standing.kind === "hold") {
      if (await inboxes.postpone(userId, entry.delivery)) return;
      throw new Error(`${entry.delivery} is tried again, as the quiet hours have ended`);
    }
    const opened = inboxes.open(userId, open);
    const isLast = now() - entry.at >= giveUpMs;
    // All have ended before another try begins.
    const left = await Promise.allSettled(
      open.map(async ({ id }) => {
        const endpoint = opened.find((each) => each.id === id);
        const outcome: SendOutcome = endpoint === undefined ? unreadable : await this.#send(standing.outgoing, endpoint, signal);
        if (outcome.kind === "later" && (!isLast || signal.aborted)) return outcome.error;
        const made = toReport(id, outcome);
        await report(made);
        // The person may never look for it: it may be a fault of ours.
        if (made.status === "failed") reports.publish({ where: `sending ${entry.delivery} of inbox/${userId}`, error: new Error(made.error) });
        return undefined;
      }),
    );
    const failed = left.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const errors = left.flatMap((each) => (each.status === "fulfilled" && each.value !== undefined ? [each.value] : []));
    if (errors.length > 0) throw new Error(`${entry.delivery} is tried again at ${errors.length} of ${open.length}: ${errors[0]}`);
  }

  async #send(outgoing: Outgoing, endpoint: OpenedEndpoint, signal: AbortSignal): Promise<SendOutcome> {
    const { sender, now } = this.#options;
    const heldUntil = this.#heldUntil.get(endpoint.id) ?? 0;
    if (heldUntil > now()) return { kind: "later", error: "its provider has asked to wait" };
    this.#heldUntil.delete(endpoint.id);
    const over = Promise.withResolvers<never>();
    const end = (): void => over.reject(signal.reason);
    signal.addEventListener("abort", end, { once: true });
    try {
      signal.throwIfAborted();
      // A stop does not wait for a sender that does not look at its signal.
      const outcome = await Promise.race([sender.send(outgoing, endpoint, { signal }), over.promise]);
      if (outcome.kind === "later" && outcome.retryAfterMs !== undefined) this.#hold(endpoint.id, now() + outcome.retryAfterMs);
      return outcome;
    } catch (error) {
      return { kind: "later", error: error instanceof Error ? error.message : String(error) };
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  #hold(endpoint: string, until: Moment): void {
    const [oldest] = this.#heldUntil.keys();
    if (this.#heldUntil.size >= mostHeld && oldest !== undefined) this.#heldUntil.delete(oldest);
    this.#heldUntil.set(endpoint, until);
  }
}

const unreadable: SendOutcome = { kind: "failed", error: "it was sealed under another secret" };

function toReport(endpoint: string, outcome: SendOutcome): Report {
  switch (outcome.kind) {
    case "sent": {
      const providerId = toLine(outcome.providerId ?? "");
      return { endpoint, status: "sent", ...(providerId !== "" && { providerId }) };
    }
    case "gone":
      return { endpoint, status: "gone" };
    case "failed":
    case "later":
      return { endpoint, status: "failed", error: toLine(outcome.error) };
  }
}

/** What a provider says may be anything. */
function toLine(text: string): string {
  return text
    .slice(0, longestError)
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim();
}
