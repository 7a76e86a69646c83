import { accept, type } from "nexios";
import * as z from "zod";

import { countOne, ledger, type Message, none, safe, tally, type Tally, urn } from "./tally-contracts.ts";

const message = z.object({ n: z.string(), kind: z.string(), sensor: z.string(), value: z.number(), text: z.string() });
const secret = { entry: type<Message>(), state: type<Tally>() };
const served = {
  authorize: () => true,
  input: { say: message, repeat: message },
  decide: { say: ({ count }: Tally, input: Message) => accept<Message, Tally>(input, { count: count + 1 }) },
  questions: { repeat: ({ count }: Tally) => ({ count }) },
};

function hide(): undefined {}

/** Rooms that take every message and count them. Of the last two nobody is told what was said. */
export const tallies = [
  tally.serve(served),
  ledger.serve(served),
  urn.withSecret(secret).fold(none, countOne, hide).serve(served),
  safe.withSecret(secret).fold(none, countOne, hide).serve(served),
] as const;
