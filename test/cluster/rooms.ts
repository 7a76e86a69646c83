import { defineRoom, type } from "nexios";
import type { Client, ClientRoom } from "nexios/client";

const facts = {
  state: type<{ readonly texts: readonly string[] }>(),
  presence: type<{ at: number }>(),
  calls: {
    put: { input: type<{ text: string }>(), result: type<{ length: number }>() },
    /** Takes half a second of looking up. */
    putLater: { input: type<{ text: string }>(), result: type<{ length: number }>() },
    /** Of one round there is one. */
    claim: { input: type<{ round: number; by: string }>(), refusals: { TAKEN: type<{ by: string }>() } },
  },
  questions: { where: { result: type<{ port: number }>() } },
};

interface State {
  readonly texts: readonly string[];
}

/** Two lists that grow: one in Redis, one in PostgreSQL. */
const first = { ...facts, version: 1, entry: type<{ text: string }>() };
const putFirst = ({ texts }: State, { text }: { text: string }): State => ({ texts: [...texts, text] });
export const notes = defineRoom("notes/{id}", { log: "volatile", ...first }).fold({ texts: [] }, putFirst);
export const ledger = defineRoom("ledger/{id}", { log: "durable", ...first }).fold({ texts: [] }, putFirst);

/** The same as a later version has them: what was a text is words. */
const second = {
  ...facts,
  version: 2,
  entry: type<{ words: string }>(),
  upgrade: { entry: (entry: unknown) => ({ words: (entry as { text: string }).text }), state: (state: unknown) => state as State },
};
const putSecond = ({ texts }: State, { words }: { words: string }): State => ({ texts: [...texts, words] });
export const laterNotes = defineRoom("notes/{id}", { log: "volatile", ...second }).fold({ texts: [] }, putSecond);
export const laterLedger = defineRoom("ledger/{id}", { log: "durable", ...second }).fold({ texts: [] }, putSecond);

/** A list of which some is hidden: a later version has the same public half, and so the same pages. */
export const vaultOf = (version: number) =>
  defineRoom("vault/{id}", {
    log: "durable",
    version,
    entry: type<{ text: string }>(),
    state: facts.state,
    calls: { put: { input: type<{ text: string }>() }, hide: { input: type<{ text: string }>() } },
    questions: facts.questions,
  }).fold({ texts: [] }, putFirst);
export const vault = vaultOf(1);

/** Where a room's log is. */
export type Kind = "volatile" | "durable";
export const everyKind: readonly Kind[] = ["volatile", "durable"];
export type Room = ClientRoom<typeof notes> | ClientRoom<typeof ledger>;
export type LaterRoom = ClientRoom<typeof laterNotes> | ClientRoom<typeof laterLedger>;

type Options = { readonly presence?: { readonly at: number } };

export function enterRoom(client: Client, kind: Kind, id: string, options: Options = {}): Room {
  return kind === "durable" ? client.join(ledger, { id }, options) : client.join(notes, { id }, options);
}

export function enterLater(client: Client, kind: Kind, id: string, options: Options = {}): LaterRoom {
  return kind === "durable" ? client.join(laterLedger, { id }, options) : client.join(laterNotes, { id }, options);
}
