import { afterEach, expect, test, vi } from "vitest";
import { toUrl } from "./url.ts";

afterEach(() => vi.unstubAllGlobals());

test("a path is of the page, by the protocol that the page came with", () => {
  vi.stubGlobal("location", { href: "https://shop.example/lots/42?x=1#bids" });
  const secure = ["/realtime", "live?lot=1", "//other.example/realtime"].map(toUrl);

  vi.stubGlobal("location", { href: "http://localhost:3000/" });

  expect(secure).toEqual(["wss://shop.example/realtime", "wss://shop.example/lots/live?lot=1", "wss://other.example/realtime"]);
  expect(toUrl("/realtime")).toBe("ws://localhost:3000/realtime");
});

test("http and https become the WebSocket's protocols, which stay as they are", () => {
  expect(["http://a/r", "https://a/r", "ws://a/r", "wss://a/r"].map(toUrl)).toEqual(["ws://a/r", "wss://a/r", "ws://a/r", "wss://a/r"]);
});

test("what is no address of a server throws at the call", () => {
  for (const given of ["/realtime", "ftp://a/", "file:///etc", "javascript:1", "wsss://a/", ""]) expect(() => toUrl(given)).toThrow(TypeError);
});
