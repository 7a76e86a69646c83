import { Agent } from "node:https";
import { isIP } from "node:net";
import { systemClock } from "nexios";
import webPush from "web-push";
import type { PushSubscription } from "./contract.ts";
import type { OpenedEndpoint } from "./notifications.ts";
import type { Outgoing } from "./outgoing.ts";
import { postOnce, type PushAnswer } from "./push-request.ts";
import { isPublicAddress, lookUpPublic, PrivateAddress } from "./public-address.ts";
import { payloadBytes, shortPayloadBytes, topicOf, toPushPayload, ttlSecondsOf, urgencyOf } from "./push-payload.ts";
import type { Sender, SendOutcome } from "./sender.ts";
import { checkVapidKeys, loadVapidKeys, type VapidKeys } from "./vapid-keys.ts";

export type { VapidKeys } from "./vapid-keys.ts";
export type { PushPayload } from "./push-payload.ts";

/** How an app sends by Web Push. */
export interface WebPushOptions {
  /** Whom a push service may write to: `mailto:` and an address, or an `https:` one. */
  readonly subject: string;
  /** Made at the first start and kept in `folder` unless given. */
  readonly keys?: VapidKeys;
  /** `NEXIOS_DATA`, or `.data`, unless given. */
  readonly folder?: string;
  /** Hosts, as `push.example:8443`, that may lead to addresses that are not on the internet: for tests, and for a push service of one's own. */
  readonly allowHosts?: readonly string[];
  /** A certificate authority in place of the well-known ones, as PEM. */
  readonly ca?: string;
  /** A push service that does not answer for so long is away. 10 s unless given. */
  readonly timeoutMs?: number;
  /** The app's, where it has one of its own. */
  readonly clock?: Pick<typeof systemClock, "now">;
}

const longestRetryAfterMs = 3_600_000;
const connectionsPerHost = 64;

/** Sends to browsers by their push services (RFC 8030), encrypted for the browser alone (RFC 8291) and signed (RFC 8292). */
export class WebPush implements Sender {
  readonly #options: WebPushOptions;
  readonly #keys: VapidKeys;
  readonly #agents: { readonly outer: Agent; readonly allowed: Agent };

  /** @throws TypeError for keys or a subject that are none */
  constructor(options: WebPushOptions) {
    if (!/^(mailto:.+@.+|https:\/\/.+)$/.test(options.subject)) throw new TypeError("The subject for Web Push is mailto: and an address, or an https: one");
    this.#options = options;
    this.#keys = options.keys === undefined ? loadVapidKeys(options.folder ?? (process.env["NEXIOS_DATA"] || ".data")) : checkVapidKeys(options.keys);
    const settings = { keepAlive: true, maxSockets: connectionsPerHost, ...(options.ca !== undefined && { ca: options.ca }) };
    this.#agents = { outer: new Agent({ ...settings, lookup: lookUpPublic }), allowed: new Agent(settings) };
  }

  /** What a page gives to `pushManager.subscribe` as `applicationServerKey`. */
  get publicKey(): string {
    return this.#keys.publicKey;
  }

  async send(outgoing: Outgoing, { secret }: OpenedEndpoint, { signal }: { readonly signal: AbortSignal }): Promise<SendOutcome> {
    if (!("subscription" in secret)) return { kind: "failed", error: "it is no subscription" };
    const answer = await this.#post(outgoing, secret.subscription, { signal, limitBytes: payloadBytes });
    if (answer.kind !== "answer" || answer.status !== 413) return toOutcome(answer);
    return toOutcome(await this.#post(outgoing, secret.subscription, { signal, limitBytes: shortPayloadBytes }));
  }

  async #post(
    outgoing: Outgoing,
    subscription: PushSubscription,
    { signal, limitBytes }: { readonly signal: AbortSignal; readonly limitBytes: number },
  ): Promise<PushAnswer | SendOutcome> {
    const { subject, allowHosts = [], timeoutMs = 10_000, clock = systemClock } = this.#options;
    const url = URL.parse(subscription.endpoint);
    if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return { kind: "failed", error: "it is no address of https" };
    const isAllowed = allowHosts.includes(url.host);
    const host = url.hostname.replaceAll(/^\[|\]$/g, "");
    // An address is not looked up.
    if (!isAllowed && isIP(host) !== 0 && !isPublicAddress(host)) return { kind: "failed", error: "it is not on the internet" };
    let details;
    try {
      details = webPush.generateRequestDetails(subscription, toPushPayload(outgoing, limitBytes), {
        vapidDetails: { subject, ...this.#keys },
        TTL: ttlSecondsOf(outgoing, clock.now()),
        urgency: urgencyOf(outgoing),
        topic: topicOf(outgoing, this.#keys.privateKey),
        contentEncoding: "aes128gcm",
      });
    } catch {
      // All but the subscription's keys is ours.
      return { kind: "failed", error: "its keys are none" };
    }
    try {
      const agent = isAllowed ? this.#agents.allowed : this.#agents.outer;
      return await postOnce(url, { headers: details.headers, body: details.body ?? new Uint8Array(), agent, timeoutMs, signal, now: clock.now() });
    } catch (error) {
      if (error instanceof PrivateAddress) return { kind: "failed", error: "it is not on the internet" };
      return { kind: "later", error: toReason(error) };
    }
  }
}

/** Web Push for `addSending`: `addSending(app, inbox, { push: createWebPush({ subject: "mailto:us@house.example" }) })`. @throws TypeError for keys or a subject that are none */
export function createWebPush(options: WebPushOptions): WebPush {
  return new WebPush(options);
}

function toReason(error: unknown): string {
  if (error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError")) return "its push service has not answered in time";
  return error instanceof Error && "code" in error ? String(error.code) : "its push service can't be reached";
}

function toOutcome(answer: PushAnswer | SendOutcome): SendOutcome {
  if (answer.kind !== "answer") return answer;
  const { status, location, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { kind: "sent", ...(location !== undefined && { providerId: location }) };
  if (status === 404 || status === 410) return { kind: "gone" };
  const error = `its push service has answered ${status}`;
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) return { kind: "failed", error };
  return { kind: "later", error, ...(retryAfterMs !== undefined && { retryAfterMs: Math.min(longestRetryAfterMs, retryAfterMs) }) };
}
