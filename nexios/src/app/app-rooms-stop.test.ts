import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { turn } from "../../../test/wire/raw-socket.ts";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import type { LogKind } from "../contract/shape.ts";
import { type } from "../contract/type.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { NexiosApp } from "./app.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-stop-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const logs: readonly LogKind[] = ["volatile", "durable"];

test.each(logs)("a call to a %s room that is not at its head when the stop's deadline comes is answered UNAVAILABLE, and never decided", async (log) => {
  using reports = collectReports();
  const { app, clock, room, looked, found, decided } = openSeats(log);
  await room.call("take");

  const second = outcome(room.call("take", undefined, { user: { id: "bob", name: "Bob" } }));
  await looked.promise;
  const stopping = app.stop({ deadlineMs: 1_000 });
  await turns();
  await clock.advance(800);
  await stopping;
  const answered = await second;
  found.resolve();
  await turns();

  expect(answered).toBe("UNAVAILABLE");
  expect([decided, reports.troubles]).toEqual([["nexios"], []]);
});

test.each(logs)("a call to a %s room that gets to its head before the deadline is decided on the state that is there", async (log) => {
  const { app, room, looked, found } = openSeats(log);
  await room.call("take");

  const second = outcome(room.call("take", undefined, { user: { id: "bob", name: "Bob" } }));
  await looked.promise;
  const stopping = app.stop();
  await turn();
  found.resolve();
  await stopping;

  expect(await second).toBe("TAKEN");
});

test("while the rooms wait for what is under way nothing new is taken", async () => {
  const { app, room, looked, found } = openSeats("durable");

  const first = outcome(room.call("take", undefined, { user: { id: "bob", name: "Bob" } }));
  await looked.promise;
  const stopping = app.stop();
  await turns();
  const late = await Promise.all([outcome(room.call("take")), outcome(room.ask("holder")), outcome(room.state()), outcome(app.withdraw("bob"))]);
  found.resolve();
  await stopping;

  expect([late, await first]).toEqual([["UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"], "accepted"]);
  expect(await outcome(room.call("take"))).toBe("STOPPED");
});

test("what handlers ask of rooms while the app stops is still answered", async () => {
  const { app, room } = openSeats("durable");
  const left = Promise.withResolvers<string>();
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    await ws.sendText("hello");
    for await (const _ of ws.messages());
    left.resolve(await outcome(room.call("take")));
  });
  const peer = await app.connect("/");
  await peer.next();

  await app.stop();

  expect(await left.promise).toBe("accepted");
});

/** A room of one seat, whose look-up waits for whoever is not the server. */
function openSeats(log: LogKind) {
  const decided: string[] = [];
  const [looked, found] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const seats = defineRoom("seats/{id}", {
    log,
    entry: type<{ by: string }>(),
    state: type<{ by: string }>(),
    calls: { take: { refusals: { TAKEN: type<undefined>() } } },
    questions: { holder: { result: type<string>() } },
  }).fold({ by: "" }, (_before, { by }) => ({ by }));
  const served = seats.serve<{ take: void }>({
    authorize: () => true,
    prepare: {
      take: (_input, { user }) => {
        if (user.id === "nexios") return undefined;
        looked.resolve();
        return found.promise;
      },
    },
    decide: {
      take: ({ by }, _input, { user }) => {
        decided.push(user.id);
        return by === "" ? accept({ by: user.id }) : refuse("TAKEN");
      },
    },
    questions: { holder: ({ by }) => by },
  });
  const clock = new ManualClock();
  const app = new NexiosApp({ rooms: { folder }, clock }).add(served);
  return { app, clock, looked, found, decided, room: app.room(seats, { id: "1" }) };
}

/** Its refusal or kind, or the code that it failed with. */
function outcome(asking: Promise<unknown>): Promise<string> {
  return asking.then(
    (answer) => {
      const { code, kind } = (answer ?? {}) as { readonly code?: string; readonly kind?: string };
      return code ?? kind ?? "answered";
    },
    (error: { code: string }) => error.code,
  );
}

/** Lets what needs no time come to its end. */
async function turns(): Promise<void> {
  for (let step = 0; step < 20; step++) await turn();
}
