import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { turn } from "../../../test/wire/raw-socket.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { NexiosApp } from "./app.ts";

const secret = "a secret of the tests, long enough";

test("a port in use is told by a code and what to do", async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, "127.0.0.1", resolve));
  const { port } = occupant.address() as AddressInfo;
  const app = new NexiosApp({ auth: { jwt: { secret } } });

  const listening = app.listen({ port });

  await expect(listening).rejects.toMatchObject({ code: "PORT_IN_USE", message: expect.stringContaining("PORT") });
  await new Promise((resolve) => occupant.close(resolve));
});

test("stop tells connections to come back, waits for their handlers, then runs the stop hooks", async () => {
  const app = new NexiosApp({ auth: { jwt: { secret } }, random: () => 0.5 });
  const steps: string[] = [];
  app.onStart(() => void steps.push("start"));
  app.onStop(() => void steps.push("stop"));
  app.wsRoute("/live", async (ws) => {
    await ws.accept();
    await ws.sendText("hello");
    for await (const _ of ws.messages());
    await turn();
    steps.push("handler ended");
  });
  const { url } = await app.listen({ port: 0 });
  const response = await fetch(`${url}/none`);
  const peer = await app.connect("/live");
  await peer.next();

  await Promise.all([app.stop(), app.stop()]);

  expect(response.status).toBe(404);
  expect(await peer.closed).toEqual({ code: 4503, reason: "1000" });
  expect(steps).toEqual(["start", "handler ended", "stop"]);
  await expect(fetch(url)).rejects.toThrow(/fetch failed/);
});

test("what a drained hook calls is decided and stored, and one that hangs holds nothing up for longer than the deadline", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexios-drained-"));
  const open = (): NexiosApp => new NexiosApp({ auth: { jwt: { secret } }, rooms: { folder, synchronous: "normal" } });
  const app = open();
  let isOver = false;
  app.onDrained(() => app.store.transaction(async (tx) => void (await tx.query("create table last (word text)"))));
  app.onDrained(() => new Promise(() => undefined));
  app.onStop(() => void (isOver = true));
  await app.start();
  await app.store.query("select 1");

  await app.stop({ deadlineMs: 2_000 });

  await using again = open();
  await again.start();
  expect([isOver, (await again.store.query("select count(*) as words from last")).rows]).toEqual([true, [{ words: 0 }]]);
  await again.stop();
  rmSync(folder, { recursive: true });
});

test("stop lets a request that is being answered finish", async () => {
  const app = new NexiosApp({ auth: { jwt: { secret } } });
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  app.get("/slow", async (c) => {
    asked.resolve();
    return c.text(await answer.promise);
  });
  const { url } = await app.listen({ port: 0 });

  const fetching = fetch(`${url}/slow`);
  await asked.promise;
  const stopping = app.stop();
  answer.resolve("done");

  expect(await (await fetching).text()).toBe("done");
  await stopping;
});

test("stop cuts at its deadline what does not end by itself", async () => {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  const forced: unknown[] = [];
  const onStopped = (fields: unknown): void => void forced.push(fields);
  subscribe("nexios:stopped", onStopped);
  app.wsRoute("/stuck", async (ws) => {
    await ws.accept();
    await ws.sendText("hello");
    await new Promise(() => undefined);
  });
  const peer = await app.connect("/stuck");
  await peer.next();
  peer.pause();

  const stopping = app.stop({ deadlineMs: 2_000 });
  await clock.advance(2_000);
  await stopping;
  unsubscribe("nexios:stopped", onStopped);

  expect(forced).toEqual([{ forced: 1 }]);
});

test("a ticker runs while the app does, never twice at once, and its failure is reported", async () => {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  const errors: unknown[] = [];
  const onError = (fields: unknown): void => void errors.push((fields as { error: unknown }).error);
  subscribe("nexios:error", onError);
  let runs = 0;
  let release = (): void => undefined;
  app.every(1_000, () => {
    runs++;
    if (runs === 2) return new Promise<void>((resolve) => (release = resolve));
    if (runs === 3) throw new Error("third");
    return undefined;
  });

  await clock.advance(2_000);
  const beforeStart = runs;
  await app.start();
  await clock.advance(4_000);
  const whileRunning = runs;
  release();
  await clock.advance(2_000);
  await app.stop();
  await clock.advance(5_000);
  unsubscribe("nexios:error", onError);

  expect([beforeStart, whileRunning, runs]).toEqual([0, 2, 4]);
  expect(errors).toEqual([new Error("third")]);
});
