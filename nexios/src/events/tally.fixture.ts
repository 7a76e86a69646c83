import { z } from "zod";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";

/** A room that adds numbers up. */
export const tally = defineRoom("tally/{id}", {
  log: "durable",
  entry: type<number>(),
  state: type<number>(),
  calls: { add: { input: type<number>(), result: type<number>() } },
}).fold(0, (sum, by) => sum + by);
export const tallies = tally.serve({ authorize: () => true, input: { add: z.number() }, decide: { add: (sum, by) => accept(by, sum + by) } });
