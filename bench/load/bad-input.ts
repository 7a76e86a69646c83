// One who sends what no document takes, each as soon as those before it are answered. Reads orders from standard input and answers each with a line of JSON.
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { NexiosError } from "nexios/client";
import { documentRoom, encodeEdit } from "nexios/collab";

import { copyDocument, createDocument, type TextDocument } from "../../nexios/patterns/collab/engine.ts";
import { pick } from "../../commands/torture/chance.ts";
import { connect, documentId } from "../measured-document.ts";

const { values } = parseArgs({ options: { port: { type: "string" }, "under-way": { type: "string", default: "1" } } });
const client = connect(Number(values.port), "bad", { limits: { gatherMs: 0 } });
const room = client.join(documentRoom, { id: documentId });

/** Of those who came first. */
const others = [1, 2];
const callsPerClient = 200;

interface Bad {
  /** Under whose client id it is sent. */
  readonly client: number;
  readonly update: Uint8Array;
}

/** What one does to a document, as an update. */
function made(document: TextDocument, change: (document: TextDocument) => void): Uint8Array {
  let update: Uint8Array = new Uint8Array();
  document.on("update", (each: Uint8Array) => (update = each));
  document.transact(() => change(document));
  return update;
}

/** All kinds of it. */
function prepare(confirmed: TextDocument, own: number): readonly (() => Bad)[] {
  const copyOf = (id: number): TextDocument => {
    const copy = copyDocument(confirmed);
    copy.clientID = id;
    return copy;
  };
  const write = (id: number): Uint8Array => made(copyOf(id), (document) => document.getText("text").insert(0, "x"));
  const ahead = (): TextDocument => {
    const document = copyOf(own);
    made(document, () => document.getText("text").insert(0, "missing"));
    return document;
  };
  const unknown = 99_999;
  const of = (update: Uint8Array, id = own) => ({ client: id, update });
  const fixed: readonly Bad[] = [
    // Forged: another's id in the update, on the envelope, on both; one that nobody has.
    ...others.flatMap((other) => [of(write(other)), of(write(own), other), of(write(other), other)]),
    of(write(unknown)),
    of(write(unknown), unknown),
    // What is before it was never sent.
    of(made(ahead(), (document) => document.getText("text").insert(3, "x"))),
    of(made(ahead(), (document) => document.getText("text").delete(2, 2))),
    of(made(copyOf(own), (document) => document.getText("title").insert(0, "x"))),
    of(made(copyOf(own), (document) => document.getMap("map").set("a", 1))),
    of(made(copyOf(own), (document) => document.getText("text").insertEmbed(0, { image: "x" }))),
    of(made(copyOf(own), (document) => document.getText("text").format(0, 2, { bold: true }))),
    of(Uint8Array.of(1, 2, 3)),
    of(new Uint8Array()),
    // More than a call may have.
    of(made(createDocument(own), (document) => document.getText("text").insert(0, "x".repeat(65_536)))),
  ];
  const whole = [
    made(copyOf(own), (document) => document.getText("text").insert(0, "wonderful")),
    made(copyOf(own), (document) => document.getText("text").insert(3, "ünï😀")),
    made(ahead(), (document) => document.getText("text").insert(5, "-".repeat(40))),
  ];
  const mutate = (): Bad => {
    const bytes = Uint8Array.from(pick(whole));
    for (let changes = 1 + Math.floor(Math.random() * 3); changes > 0; changes--)
      bytes[Math.floor(Math.random() * bytes.length)] = Math.floor(Math.random() * 256);
    return of(Math.random() < 0.25 ? bytes.subarray(0, Math.floor(Math.random() * bytes.length)) : bytes);
  };
  return [...fixed.map((bad) => () => bad), ...fixed.map(() => mutate)];
}

let kinds: readonly (() => Bad)[] = [];
let sending: Promise<unknown> = Promise.resolve();
let over = new AbortController();
let answers: Record<string, number> = {};

async function open(): Promise<void> {
  const outcome = await room.call("open", { isAlone: false });
  const state = room.confirmedState;
  if (outcome.kind !== "accepted" || state === undefined) throw new Error("The document does not open");
  kinds = prepare(state.document, outcome.result.client);
}

async function send(): Promise<void> {
  for (let next = 0; !over.signal.aborted; next++) {
    // Under a client id that has written something already most of it is known, and changes nothing.
    if (next % callsPerClient === 0) await open();
    const bad = kinds[next % kinds.length]?.();
    if (bad === undefined) return;
    const code = await call(bad);
    answers[code] = (answers[code] ?? 0) + 1;
  }
}

async function call({ client: id, update }: Bad): Promise<string> {
  try {
    const outcome = await room.call("edit", encodeEdit(id, update));
    if (outcome.kind === "accepted") return "accepted";
    return outcome.code === "REFUSED" ? outcome.data.fault : outcome.code;
  } catch (error) {
    // An answer too: LIMIT for what is longer than any call may be. INTERNAL is none that an update may come to.
    if (!(error instanceof NexiosError)) throw error;
    if (error.code === "INTERNAL") console.error(`besideBadInput: INTERNAL for ${id} ${Buffer.from(update).toString("hex")}`);
    return error.code;
  }
}

const orders: Readonly<Record<string, () => Promise<unknown>>> = {
  in: async () => {
    await open();
    return { kinds: kinds.length };
  },
  begin: () => {
    over = new AbortController();
    answers = {};
    sending = Promise.all(Array.from({ length: Number(values["under-way"]) }, send));
    return Promise.resolve({});
  },
  end: async () => {
    over.abort();
    await sending;
    return answers;
  },
};

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await orders[line]?.()));
process.exit();
