import { expect, test } from "vitest";
import * as z from "zod";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { readJson } from "../server/body.ts";
import { NexiosError } from "../protocol/failure.ts";
import { NexiosApp } from "./app.ts";

test("an error handler sees HTTP and WebSocket errors, and answers the first", async () => {
  await using app = new NexiosApp();
  const seen: string[] = [];
  app.onError((error, c) => {
    seen.push(`${(error as Error).message} ${c.var.ws === undefined ? "http" : "ws"}`);
    return c.var.ws === undefined ? c.text("handled", 418) : undefined;
  });
  app.get("/boom", () => {
    throw new Error("first");
  });
  app.wsRoute("/boom/live", async (ws) => {
    await ws.accept();
    throw new Error("second");
  });

  const response = await app.request("/boom");
  const peer = await app.connect("/boom/live");

  expect([response.status, await response.text()]).toEqual([418, "handled"]);
  expect(await peer.closed).toMatchObject({ code: 4500 });
  expect(seen).toEqual(["first http", "second ws"]);
});

test("what a handler throws reaches nobody as text", async () => {
  await using app = new NexiosApp();
  app.get("/boom", () => {
    throw new Error("password=hunter2");
  });

  const response = await app.request("/boom");

  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ code: "INTERNAL", message: "Something failed on the server" });
});

test("a body is parsed within bounds and checked by its schema", async () => {
  await using app = new NexiosApp();
  app.post("/things", async (c) => c.json(await readJson(c, z.object({ n: z.number() }))));

  const post = async (body: string): Promise<unknown> => {
    const response = await app.request("/things", { method: "POST", body });
    return [response.status, ((await response.json()) as { code?: string }).code];
  };

  expect(await post('{"n":1}')).toEqual([200, undefined]);
  expect(await post('{"n":')).toEqual([400, "BAD_JSON"]);
  expect(await post('{"n":"x"}')).toEqual([400, "INVALID_MESSAGE"]);
  expect(await post('{"__proto__":{"n":1},"n":1}')).toEqual([400, "BAD_JSON"]);
});

const strange: Readonly<Record<string, unknown>> = { "a text": "text", null: null, undefined, "a number": 7, "a plain object": { code: "x" } };

test.each(Object.entries(strange))("an error handler gets the very value that was thrown: %s", async (_what, value) => {
  using reports = collectReports();
  await using app = new NexiosApp();
  const seen: unknown[] = [];
  app.onError((error) => void seen.push(error));
  app.use("/before", () => {
    throw value;
  });
  app.get("/before", (c) => c.text("never"));
  app.get("/http", () => {
    throw value;
  });
  app.get("/rejects", () => Promise.reject(value as Error));
  app.wsRoute("/live", async (ws) => {
    await ws.accept();
    throw value;
  });

  const statuses = [await app.request("/before"), await app.request("/http"), await app.request("/rejects")].map(({ status }) => status);
  const peer = await app.connect("/live");

  expect(statuses).toEqual([500, 500, 500]);
  expect(await peer.closed).toEqual({ code: 4500, reason: "something failed on the server" });
  expect(seen).toEqual([value, value, value, value]);
  expect(seen.every((each) => each === value)).toBe(true);
  expect(reports.of("error").map(({ error }) => error)).toEqual([value, value, value, value]);
});

test.each<[string, () => undefined | Promise<undefined>]>([
  [
    "throws",
    () => {
      throw new Error("handler's own");
    },
  ],
  ["rejects", () => Promise.reject(new Error("handler's own"))],
])("an error handler that itself %s is reported once, and the next one answers", async (_how, failing) => {
  using reports = collectReports();
  await using app = new NexiosApp();
  const seen: string[] = [];
  app.onError(failing);
  app.onError((error, c) => {
    seen.push((error as Error).message);
    return c.text("second", 418);
  });
  app.onError((_error, c) => {
    seen.push("third");
    return c.text("third", 500);
  });
  app.get("/boom", () => {
    throw new Error("first");
  });
  app.wsRoute("/boom/live", () => {
    throw new Error("first");
  });

  const response = await app.request("/boom");
  const refused = app.connect("/boom/live");

  await expect(refused).rejects.toMatchObject({ status: 418, body: "second" });
  expect([response.status, await response.text()]).toEqual([418, "second"]);
  expect(seen).toEqual(["first", "first"]);
  expect(reports.of("error").map(({ error }) => (error as Error).message)).toEqual(["first", "handler's own", "first", "handler's own"]);
});

test("when no error handler answers, the framework does, with its own sentence", async () => {
  await using app = new NexiosApp();
  app.onError(() => {
    throw new Error("password=hunter2");
  });
  app.get("/boom", () => {
    throw new Error("first");
  });

  const response = await app.request("/boom");

  expect([response.status, await response.json()]).toEqual([500, { code: "INTERNAL", message: "Something failed on the server" }]);
});

test("a failure of ours keeps its cause and says its status", () => {
  const cause = new Error("cause");

  const failure = new NexiosError("FORBIDDEN", "no", { status: 403, cause });

  expect(failure).toMatchObject({ name: "NexiosError", code: "FORBIDDEN", status: 403, cause });
});
