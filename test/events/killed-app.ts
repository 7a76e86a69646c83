import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { defineEvent, defineSubscription, NexiosApp, type } from "nexios";

/** Places of a transaction, and of the handling of an event, at which a process may die. */
export const places = {
  ofTransaction: ["before it", "before its first statement", "between its statements", "behind its emit", "before its commit"],
  behindIt: "after its commit",
  ofHandler: [
    "before the handler",
    "inside the handler's transaction",
    "behind the handler's emit",
    "before the handler's commit",
    "after the handler's commit",
    "between a handler and its note",
  ],
} as const;

export type Place = (typeof places.ofTransaction)[number] | typeof places.behindIt | (typeof places.ofHandler)[number];

interface Order {
  readonly id: string;
}

const placed = defineEvent("order.placed", { payload: type<Order>(), key: () => "all" });
const mailed = defineEvent("order.mailed", { payload: type<Order>(), key: () => "all" });

/** An app that takes orders, writes a mail for each in a handler's transaction, and prints each in a file; it is told of every place it comes to. */
export function createKilledApp(folder: string, at: (place: Place) => void): NexiosApp {
  const print = (what: string): void => appendFileSync(join(folder, "printed"), `${what}\n`);
  const app = new NexiosApp({ rooms: { folder, synchronous: "normal" } });
  app.add(
    defineSubscription(
      "mail",
      placed,
      async (order, { transaction }) => {
        at("before the handler");
        await transaction(async (tx) => {
          await tx.query("insert into mail (id) values (?)", [order.id]);
          at("inside the handler's transaction");
          await tx.emit(mailed, order);
          at("behind the handler's emit");
          await tx.query("update total set mails = mails + 1");
          at("before the handler's commit");
        });
        at("after the handler's commit");
      },
      { from: "start" },
    ),
    defineSubscription(
      "print",
      mailed,
      ({ id }, handling) => {
        print(`${id} as ${handling.id}`);
        at("between a handler and its note");
      },
      { from: "start" },
    ),
  );
  app.store.migrate([
    {
      number: 1,
      name: "tables",
      sql: "create table account (id text); create table mail (id text); create table total (mails integer); insert into total values (0);",
    },
  ]);
  return app;
}

/** Takes one order. */
export async function placeOrder(app: NexiosApp, id: string, at: (place: Place) => void): Promise<void> {
  at("before it");
  await app.store.transaction(async (tx) => {
    at("before its first statement");
    await tx.query("insert into account (id) values (?)", [id]);
    at("between its statements");
    await tx.emit(placed, { id });
    at("behind its emit");
    await tx.query("update account set id = id || '!'");
    at("before its commit");
  });
  at("after its commit");
}
