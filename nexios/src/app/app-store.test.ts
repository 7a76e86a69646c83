import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Migration } from "../log/store.ts";
import { defineEvent } from "../events/define-event.ts";
import { defineSubscription } from "../events/define-subscription.ts";
import { type } from "../contract/type.ts";
import { NexiosApp } from "./app.ts";

const first: Migration = { number: 1, name: "colours", sql: "create table colour (name text); insert into colour values ('red');" };
const second: Migration = { number: 2, name: "blue", sql: "insert into colour values ('blue')" };

let folder: string;
let app: NexiosApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-app-store-"));
});

afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

async function colours(...migrations: readonly Migration[]): Promise<readonly unknown[]> {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" } });
  app.store.migrate(migrations);
  await app.start();
  return (await app.store.query("select name from colour")).rows.map(({ name }) => name);
}

test("an app makes its migrations once, in order, and does not start when one was changed", async () => {
  const found = [await colours(first)];
  await app.stop();
  found.push(await colours(first, second));
  await app.stop();
  found.push(await colours(first, second));
  await app.stop();

  const changed = colours({ ...first, sql: "select 1" }, second);

  await expect(changed).rejects.toMatchObject({ code: "MIGRATION_CHANGED" });
  expect(found).toEqual([["red"], ["red", "blue"], ["red", "blue"]]);
});

test("migrations are said once, with numbers from 1", async () => {
  app = new NexiosApp({ rooms: { folder } });

  expect(() => app.store.migrate([second])).toThrow(TypeError);
  app.store.migrate([first]);
  expect(() => app.store.migrate([first, second])).toThrow(TypeError);
});

test("a part of an app has a set of migrations of its own, said once, beside those of the app", async () => {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" } });
  const shapes = { name: "shapes", migrations: [{ number: 1, name: "shapes", sql: "create table shape (name text)" }] };

  app.store.migrate([first]);
  app.store.migrate(shapes);

  expect(() => app.store.migrate(shapes)).toThrow(TypeError);
  expect(() => app.store.migrate({ ...shapes, name: "Shapes!" })).toThrow(TypeError);
  await app.start();
  expect((await app.store.query("select count(*) as shapes from shape")).rows).toEqual([{ shapes: 0 }]);
  expect(app.store.isShared).toBe(false);
});

test("what runs outside of a transaction reads, and can't write", async () => {
  await colours(first);

  await expect(app.store.query("insert into colour values ('green')")).rejects.toMatchObject({ code: "ERR_SQLITE_ERROR" });
});

test("a transaction that takes longer than a second is rolled back, and the next one is done", { timeout: 20_000 }, async () => {
  await colours(first);
  const { promise: forever } = Promise.withResolvers<void>();

  const late = app.store.transaction(async (tx) => {
    await tx.query("insert into colour values ('late')");
    await forever;
  });
  const next = app.store.transaction((tx) => tx.query("insert into colour values ('next')"));

  await expect(late).rejects.toMatchObject({ code: "TRANSACTION_TIMEOUT" });
  await next;
  expect((await app.store.query("select name from colour")).rows.map(({ name }) => name)).toEqual(["red", "next"]);
});

test("a handler's transaction inside of another is refused at once, and the other goes on", async () => {
  const told = defineEvent("told", { payload: type<{ id: string }>(), key: ({ id }) => id });
  const codes = Promise.withResolvers<unknown>();
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" } });
  app.add(
    defineSubscription("inner", told, async (_payload, { transaction }) => {
      await app.store.transaction(async () => {
        codes.resolve(await transaction(async () => undefined).catch((error: { readonly code: string }) => error.code));
      });
    }),
  );
  await app.start();

  await app.store.transaction((tx) => tx.emit(told, { id: "a" }));

  expect(await codes.promise).toBe("CALL_IN_TRANSACTION");
});

test("two events of one name are a mistake of the program: each would get what the other means", async () => {
  const make = () => defineEvent("told", { payload: type<{ id: string }>(), key: ({ id }) => id });
  const [one, other] = [make(), make()];
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" } });
  app.add(defineSubscription("first", one, () => undefined));

  expect(() => app.add(defineSubscription("second", other, () => undefined))).toThrow(TypeError);
  await expect(app.store.transaction((tx) => tx.emit(other, { id: "a" }))).rejects.toThrow(TypeError);
});
