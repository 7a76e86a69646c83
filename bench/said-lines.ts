import * as z from "zod";
import { accept } from "../nexios/src/contract/decision.ts";
import { defineRoom } from "../nexios/src/contract/define-room.ts";
import { hostRoom } from "../nexios/src/contract/host-room.ts";
import { type } from "../nexios/src/contract/type.ts";

const tally = defineRoom("tally/{id}", {
  log: "durable",
  entry: type<{ line: string }>(),
  state: type<{ count: number }>(),
  calls: { say: { input: type<{ line: string }>(), result: type<{ count: number }>() } },
}).fold({ count: 0 }, ({ count }) => ({ count: count + 1 }));

/** A durable room that counts what is said in it, ready to be decided on. */
export const saidLines = hostRoom(
  tally.serve({
    authorize: () => true,
    input: { say: z.object({ line: z.string() }) },
    decide: { say: ({ count }, input) => accept(input, { count: count + 1 }) },
  }),
);
