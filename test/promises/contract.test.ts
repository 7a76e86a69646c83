import { accept, defineRoom, NexiosApp, type } from "nexios";
import type { ClientRoom } from "nexios/client";
import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import { calm } from "../wire/calm-load.ts";
import { collectReports } from "../wire/collect-reports.ts";
import { notesOf, openBoards, board, Visitor, when } from "./board.ts";

const secret = "a secret of thirty-two bytes at least";

/** Compiled, never run. */
function compiled(_wrong: unknown): void {}

// oxlint-disable-next-line vitest/expect-expect -- the compiler asserts: each old name below must be a mistake.
test("a call or an entry that is renamed in the contract breaks the build of its server and of its client", () => {
  const renamed = defineRoom("shop/{id}", {
    log: "volatile",
    entry: type<{ kind: "purchased"; cents: number }>(),
    state: type<number>(),
    calls: { purchase: { input: type<{ cents: number }>() } },
  }).fold(0, (sum, { cents }) => sum + cents);
  const server = { authorize: () => true, input: { purchase: z.object({ cents: z.number() }) } };

  compiled(() => renamed.serve({ ...server, decide: { purchase: (_sum, { cents }) => accept({ kind: "purchased", cents }) } }));
  compiled((room: ClientRoom<typeof renamed>) => room.call("purchase", { cents: 1 }));
  // @ts-expect-error the server decides a call that is no more
  compiled(() => renamed.serve({ ...server, decide: { buy: (_sum: number, { cents }: { cents: number }) => accept({ kind: "purchased", cents }) } }));
  // @ts-expect-error the server appends an entry that is no more
  compiled(() => renamed.serve({ ...server, decide: { purchase: (_sum, { cents }) => accept({ kind: "bought", cents }) } }));
  // @ts-expect-error the client makes a call that is no more
  compiled((room: ClientRoom<typeof renamed>) => room.call("buy", { cents: 1 }));
  // @ts-expect-error the client waits for an entry that is no more
  compiled((room: ClientRoom<typeof renamed>) => room.onEntry(({ value }) => value.kind === "bought"));
});

const till = defineRoom("till/{id}", {
  log: "volatile",
  entry: type<{ cents: number }>(),
  state: type<number>(),
  calls: { pay: { input: type<{ cents: number }>(), result: type<{ sum: number }>() } },
}).fold(0, (sum, { cents }) => sum + cents);

function openTill(environment: string): NexiosApp {
  return new NexiosApp({ auth: { jwt: { secret } }, load: calm, env: { NODE_ENV: environment } }).add(
    till.serve({
      authorize: () => true,
      input: { pay: { unchecked: true } },
      output: { pay: z.object({ sum: z.number().positive() }) },
      decide: { pay: (sum, { cents }) => accept({ cents }, { sum: sum + cents }) },
    }),
  );
}

test("a result that does not fit the contract fails its call in development, and nothing of it is kept", async () => {
  await using app = openTill("development");
  const room = app.room(till, { id: "1" });

  const outcome = await room.call("pay", { cents: -5 }).catch((error: unknown) => error);

  expect(outcome).toMatchObject({ code: "INTERNAL" });
  expect(await room.state()).toBe(0);
});

test("in production it is given all the same, and reported with what and where", async () => {
  using reports = collectReports();
  await using app = openTill("production");
  const room = app.room(till, { id: "1" });

  const outcome = await room.call("pay", { cents: -5 });

  expect(outcome).toMatchObject({ kind: "accepted", result: { sum: -5 } });
  expect(reports.of("error").map(({ where, error }) => [where, String(error)])).toEqual([
    ["till/{id}", expect.stringMatching(/decide\.pay's result does not fit its schema at "sum"/)],
  ]);
});

test("a page whose contract is a little older works on, and a call that is no more is answered NOT_FOUND", async () => {
  const older = defineRoom("board/{id}", {
    log: "volatile",
    entry: type<{ note: string }>(),
    state: type<readonly string[]>(),
    calls: { pin: { input: type<{ note: string }>() }, unpin: { input: type<{ note: string }>() } },
  }).fold([], (notes, { note }) => [...notes, note]);
  await using app = openBoards();
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  await using bob = new Visitor(app, url, "bob");
  const [old, current] = [ann.client.join(older, { id: "1" }), bob.client.join(board, { id: "1" })];
  await current.call("pin", { note: "new" });

  const pinned = await old.call("pin", { note: "old" });
  const unpinned = await old.call("unpin", { note: "old" }).catch((error: unknown) => error);

  expect(pinned.kind).toBe("accepted");
  expect(unpinned).toMatchObject({ code: "NOT_FOUND" });
  expect([old.state, await notesOf(current, 2)]).toEqual([
    ["new", "old"],
    ["new", "old"],
  ]);
});

test.for([
  { library: "zod", schema: z.object({ cents: z.number() }) },
  { library: "valibot", schema: v.object({ cents: v.number() }) },
])("a schema of $library checks what clients send", async ({ schema }) => {
  const served = till.serve({ authorize: () => true, input: { pay: schema }, decide: { pay: (sum, { cents }) => accept({ cents }, { sum: sum + cents }) } });
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm }).add(served);
  const { url } = await app.listen({ port: 0 });
  await using ann = new Visitor(app, url, "ann");
  const room = ann.client.join(till, { id: "1" });

  const misfit = await room.call("pay", { cents: "5" as never }).catch((error: unknown) => error);
  const fits = await room.call("pay", { cents: 5 });
  await when(room, () => room.state === 5);

  expect(misfit).toMatchObject({ code: "INVALID_MESSAGE", path: "cents" });
  expect(fits).toMatchObject({ kind: "accepted", result: { sum: 5 } });
});
