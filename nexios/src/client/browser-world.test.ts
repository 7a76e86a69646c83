import { deflateRawSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { browserWorld } from "./browser-world.ts";

afterEach(() => vi.unstubAllGlobals());

test("bytes come out of the inflation as they went into the deflation", async () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * index) % 251);

  const inflated = await browserWorld.inflate(deflateRawSync(bytes));

  expect(Buffer.compare(inflated, bytes)).toBe(0);
});

test("damaged bytes are no state", async () => {
  await expect(browserWorld.inflate(new Uint8Array([255, 255, 255]))).rejects.toThrow(Error);
});

test("a delay that is longer than timers take does not fire at once", () => {
  const delays: unknown[] = [];
  vi.stubGlobal("setTimeout", (_fire: () => void, delay: unknown) => delays.push(delay));

  for (const delay of [1_000, 2 ** 31, Infinity]) browserWorld.clock.after(delay, () => {});

  expect(delays[0]).toBe(1_000);
  for (const delay of delays.slice(1)) expect(delay).toBeLessThan(2 ** 31);
});

test("a page wakes when it is shown, focused, restored or has a network again, until it is not listened to any more", () => {
  const [page, document] = [new EventTarget(), { visibilityState: "visible" }];
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  vi.stubGlobal("document", document);
  const woken: string[] = [];
  let at = "";
  const happen = (...names: readonly string[]): void => {
    for (const name of names) {
      at = name;
      page.dispatchEvent(new Event(name));
    }
  };

  const cancel = browserWorld.onWake(() => woken.push(at));
  happen("online", "pageshow", "focus", "visibilitychange", "offline", "blur");
  document.visibilityState = "hidden";
  happen("online", "visibilitychange");
  cancel();
  document.visibilityState = "visible";
  happen("online", "pageshow", "focus", "visibilitychange");

  expect(woken).toEqual(["online", "pageshow", "focus", "visibilitychange"]);
});

test("where there is no page, nothing tells of waking, and there is a network", () => {
  vi.stubGlobal("navigator", undefined);

  browserWorld.onWake(() => {})();

  expect(browserWorld.isOnline()).toBe(true);
});

test("a page that is certainly offline says so", () => {
  vi.stubGlobal("navigator", { onLine: false });

  expect(browserWorld.isOnline()).toBe(false);
});

/** A socket that opens and ends when a test says so. */
class FakeSocket extends EventTarget {
  static last: FakeSocket | undefined;
  readyState = 0;
  binaryType = "blob";
  readonly to: readonly unknown[];
  readonly sent: unknown[] = [];

  constructor(...to: readonly unknown[]) {
    super();
    this.to = to;
    FakeSocket.last = this;
  }

  send(message: unknown): void {
    this.sent.push(message);
  }

  close(): void {
    this.readyState = 2;
  }

  happen(name: string, fields: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(name), fields));
  }
}

test("a WebSocket's events and messages come as they are, and nothing is sent before it is open or after its end", () => {
  vi.stubGlobal("WebSocket", FakeSocket);
  const told: unknown[] = [];

  const connection = browserWorld.connect("ws://a/", "nexios.v1.json", {
    onOpen: () => told.push("open"),
    onMessage: (message) => told.push(message),
    onClose: (code, reason) => told.push([code, reason]),
  });
  const socket = FakeSocket.last;
  connection.send("early");
  if (socket !== undefined) socket.readyState = 1;
  socket?.happen("open");
  connection.send("a");
  socket?.happen("message", { data: "text" });
  socket?.happen("message", { data: new Uint8Array([1, 2]).buffer });
  connection.close();
  connection.send("late");
  socket?.happen("close", { code: 4503, reason: "100" });

  expect([socket?.to, socket?.binaryType]).toEqual([["ws://a/", "nexios.v1.json"], "arraybuffer"]);
  expect([socket?.sent, told]).toEqual([["a"], ["open", "text", new Uint8Array([1, 2]), [4503, "100"]]]);
});
