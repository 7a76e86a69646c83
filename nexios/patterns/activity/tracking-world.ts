import { browserWorld, type ErrorCode, NexiosError } from "nexios/client";
import type { BatchAnswer } from "./event.ts";
import type { TrackerWorld } from "./tracker-world.ts";

/** What of a browser's page is used: Node has none of it. */
interface Page {
  readonly navigator?: { sendBeacon?(url: string, body: string): boolean };
  readonly document?: { readonly visibilityState: string };
  addEventListener?(name: string, listener: () => void, capture: boolean): void;
  removeEventListener?(name: string, listener: () => void, capture: boolean): void;
}

const page = globalThis as Page;

/** Browsers, and Node. */
export const trackingWorld: TrackerWorld = {
  clock: browserWorld.clock,
  random: () => browserWorld.random(),
  async post(url, body, { keepalive }) {
    // As text, so that a page of another site need not ask first whether it may.
    const response = await fetch(url, { method: "POST", headers: { "content-type": "text/plain;charset=UTF-8" }, body, keepalive }).catch((cause: unknown) => {
      throw new NexiosError("UNAVAILABLE", "The server can't be reached", { cause });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw toFailure(response, answer);
    return toAnswer(answer);
  },
  beacon(url, body) {
    const { navigator } = page;
    return navigator?.sendBeacon?.(url, body) ?? false;
  },
  onHide(hide) {
    const changed = (): void => {
      if (page.document?.visibilityState === "hidden") hide();
    };
    // Captured on the window: that of the document comes by there too. Of `unload` a browser may not tell.
    page.addEventListener?.("visibilitychange", changed, true);
    return () => page.removeEventListener?.("visibilitychange", changed, true);
  },
};

function toAnswer(answer: unknown): BatchAnswer {
  const { accepted, duplicate, rejected } = Object(answer) as Partial<Record<keyof BatchAnswer, unknown>>;
  if (typeof accepted === "number" && typeof duplicate === "number" && Array.isArray(rejected)) return { accepted, duplicate, rejected };
  throw new NexiosError("UNAVAILABLE", "What has answered is no server of activity");
}

function toFailure(response: Response, answer: unknown): NexiosError {
  const { code } = Object(answer) as { readonly code?: unknown };
  const seconds = Number(response.headers.get("retry-after"));
  const isPassing = response.status >= 500 || response.status === 429 || response.status === 408;
  return new NexiosError(
    isPassing ? "UNAVAILABLE" : typeof code === "string" ? (code as ErrorCode) : "INVALID_MESSAGE",
    `The server has answered ${response.status}`,
    {
      status: response.status,
      ...(seconds > 0 && { retryAfterMs: Math.min(seconds, 86_400) * 1_000 }),
    },
  );
}
