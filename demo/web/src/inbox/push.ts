import type { PushSubscription as SentSubscription } from "nexios/notifications";

/** Whether this browser can be pushed to, and whether it may be. */
export type PushState = "none" | "denied" | "off";

const worker = "/push-worker.js";

export function pushState(): PushState {
  const isThere = "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
  if (!isThere) return "none";
  return Notification.permission === "denied" ? "denied" : "off";
}

/** Asks the person, and then the browser's push service for an address. `undefined`: the person has said no. @throws what the browser throws */
export async function subscribeToPush(): Promise<SentSubscription | undefined> {
  if ((await Notification.requestPermission()) !== "granted") return undefined;
  const registration = await navigator.serviceWorker.register(worker);
  await navigator.serviceWorker.ready;
  const response = await fetch("/api/push-key");
  const { key } = (await response.json()) as { readonly key: string };
  const before = await registration.pushManager.getSubscription();
  const subscription = before ?? (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  const { endpoint = "", keys = {} } = subscription.toJSON();
  return { endpoint, keys: { p256dh: keys["p256dh"] ?? "", auth: keys["auth"] ?? "" } };
}

/** What a person knows a browser by. Pure. */
export function browserOf(userAgent: string): { readonly browser: string; readonly system: string } {
  const find = (names: readonly (readonly [pattern: RegExp, name: string])[], other: string): string =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? other;
  const browsers = [
    [/Edg\//, "Edge"],
    [/Firefox\//, "Firefox"],
    [/Chrom(e|ium)\//, "Chrome"],
    [/Safari\//, "Safari"],
  ] as const;
  const systems = [
    [/iPhone|iPad/, "iOS"],
    [/Android/, "Android"],
    [/Windows/, "Windows"],
    [/Mac OS/, "macOS"],
    [/Linux/, "Linux"],
  ] as const;
  return { browser: find(browsers, "Browser"), system: find(systems, "a device") };
}
