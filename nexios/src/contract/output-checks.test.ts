import { expect, test } from "vitest";
import { z } from "zod";
import { accept, refuse } from "./decision.ts";
import { defineRoom } from "./define-room.ts";
import { hostRoom } from "./host-room.ts";
import type { Misfit } from "./output-checks.ts";
import { type } from "./type.ts";

const shop = defineRoom("shop/{id}", {
  log: "volatile",
  version: 3,
  entry: type<{ cents: number }>(),
  state: type<number>(),
  calls: { buy: { input: type<number>(), result: type<{ left: number }>(), refusals: { NO: type<undefined>() } } },
  questions: { price: { result: type<number>() } },
}).fold(0, (sum, { cents }) => sum + cents);

const context = { user: { id: "ann", name: "Ann" }, params: { id: "1" }, receivedAt: 1, callId: "c", prepared: undefined };

function serve(output: object, onMisfit?: (misfit: Misfit) => void) {
  const served = shop.serve({
    authorize: () => true,
    input: { buy: z.number() },
    decide: { buy: (_sum, cents) => (cents === 0 ? refuse("NO") : accept({ cents }, { left: cents })) },
    questions: { price: (sum) => sum },
    ...output,
  });
  return hostRoom(served, onMisfit === undefined ? {} : { onMisfit });
}

const positive = {
  output: { buy: z.object({ left: z.number().positive() }), price: z.number().positive() },
  entry: z.object({ cents: z.number().positive() }),
};

test("a result, an answer or an entry that does not fit is thrown, with what and where; one that fits, and a refusal, pass", () => {
  const room = serve(positive);
  const states = room.initial();

  expect(room.decideCall("buy", states, 5, context).kind).toBe("accepted");
  expect(room.decideCall("buy", states, 0, context).kind).toBe("refused");
  expect(room.append(states, [{ cents: 1 }]).rows.length).toBe(1);
  expect(() => room.decideCall("buy", states, -5, context)).toThrow(/^decide\.buy's result does not fit its schema at "left"/);
  expect(() => room.answerQuestion("price", states, undefined, context)).toThrow(/^questions\.price's answer does not fit its schema:/);
  expect(() => room.append(states, [{ cents: -1 }])).toThrow(/^an entry does not fit its schema at "cents"/);
});

test("where misfits are told instead, what does not fit is given all the same", () => {
  const told: string[] = [];
  const room = serve(positive, ({ what, path }) => told.push(`${what} ${path}`));

  const decided = room.decideCall("buy", room.initial(), -5, context);
  const { rows } = room.append(room.initial(), [{ cents: -1 }]);

  expect([decided.kind, rows.length, told]).toEqual(["accepted", 1, ["decide.buy's result left", "an entry cents"]]);
});

test("a schema that waits fails the call, wherever it runs: nothing may wait there", () => {
  const waits = { output: { buy: z.object({ left: z.number() }).refine(() => Promise.resolve(true)) } };
  const standard = { output: { buy: { "~standard": { version: 1, vendor: "x", validate: () => Promise.reject(new Error("secret")) } } } };

  expect(() => serve(waits, () => undefined).decideCall("buy", serve({}).initial(), 5, context)).toThrow(/answer at once/);
  expect(() => serve(standard, () => undefined).decideCall("buy", serve({}).initial(), 5, context)).toThrow(/answer at once/);
});

test.each([
  [{ output: { sell: z.number() } }, "output.sell"],
  [{ output: { buy: { unchecked: true } } }, "output.buy"],
  [{ entry: 5 }, "entry"],
  [{ leastVersion: 4 }, "leastVersion"],
  [{ idempotent: ["nothing"] }, "idempotent"],
  [{ keepsAll: "yes" }, "keepsAll"],
  [{ leastVersion: 0 }, "leastVersion"],
])("what fits no contract is a TypeError at serve(): %o", (wrong, where) => {
  expect(() => serve(wrong)).toThrow(where);
});
