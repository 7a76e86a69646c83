import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { trackingWorld } from "./tracking-world.ts";

let server: Server;
let answer: { status: number; headers?: Record<string, string>; body: string };
let types: (string | undefined)[];

beforeEach(async () => {
  types = [];
  server = createServer((request, response) => {
    types.push(request.headers["content-type"]);
    request.resume();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/activity`;
const post = (to = url()) => trackingWorld.post(to, "{}", { keepalive: true });

test("a batch travels as text, and its answer is read", async () => {
  answer = { status: 200, body: '{"accepted":1,"duplicate":0,"rejected":[]}' };

  expect(await post()).toEqual({ accepted: 1, duplicate: 0, rejected: [] });
  expect(types).toEqual(["text/plain;charset=UTF-8"]);
});

test.for([
  [429, '{"code":"TOO_MANY"}', "UNAVAILABLE", 7_000],
  [503, "no JSON", "UNAVAILABLE", 7_000],
  [413, '{"code":"INVALID_MESSAGE"}', "INVALID_MESSAGE", 7_000],
  [404, '{"code":"NOT_FOUND"}', "NOT_FOUND", 7_000],
] as const)("an answer of %i is a failure with its code and its wait", async ([status, body, code, retryAfterMs]) => {
  answer = { status, headers: { "retry-after": "7" }, body };

  await expect(post()).rejects.toMatchObject({ code, status, retryAfterMs });
});

test("an answer that is none of ours, and a server that is not there, are tried again", async () => {
  answer = { status: 200, body: "<html>" };

  await expect(post()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(post("http://127.0.0.1:9/activity")).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("Node has no beacon, and no page that is hidden", () => {
  const stop = trackingWorld.onHide(() => undefined);

  expect(trackingWorld.beacon(url(), "{}")).toBe(false);
  stop();
});
