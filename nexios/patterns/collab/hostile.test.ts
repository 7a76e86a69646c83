import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { type Client, createClient } from "nexios/client";
import { binaryWire } from "nexios/client/binary";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addDocuments, type Documents } from "./documents.ts";
import { createDraw } from "./draw.fixture.ts";
import { copyDocument, hasPending, type TextDocument, textOf } from "./engine.ts";
import { encodeEdit } from "./entry.ts";
import type { DocumentLimits } from "./gate.ts";
import { DocumentSession } from "./session.ts";

const limits: DocumentLimits = { characters: 20_000, updateBytes: 300, updatePieces: 12, updatePasses: 1_000, pieces: 6_000 };
const free = { perSecond: Infinity, burst: Infinity };

let folder: string;
let app: NexiosApp;
let documents: Documents;
let clients: Client[];
let url: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-hostile-"));
  clients = [];
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
});

async function serve(own: Partial<DocumentLimits> = {}): Promise<void> {
  app = new NexiosApp({
    auth: { jwt: { secret: "x".repeat(32) } },
    // What is tried is the gate, not how often one may try.
    limits: { messagesPerConnection: free, messagesPerUser: free },
    rooms: { folder, limits: { callRate: free } },
  });
  documents = addDocuments(app, { accessOf: () => "write", limits: { ...limits, ...own } });
  ({ url } = await app.listen({ port: 0 }));
}

async function write(name: string): Promise<DocumentSession> {
  const client = createClient({
    url: `${url}/realtime`,
    wire: binaryWire,
    token: () => app.tokens.issue({ sub: name, name }, { expiresInSeconds: 600 }),
    limits: { gatherMs: 0 },
  });
  clients.push(client);
  const session = new DocumentSession(client, "1");
  await session.opened();
  return session;
}

/** The call as a client of one's own making may send it. */
async function send({ room }: { readonly room: DocumentSession["room"] }, client: number, update: Uint8Array | undefined): Promise<string> {
  const outcome = await room.call("edit", encodeEdit(client, update ?? new Uint8Array()));
  if (outcome.kind === "accepted") return "accepted";
  return outcome.code === "REFUSED" ? outcome.data.fault : outcome.code === "TOO_LARGE" ? `${outcome.data.limit} ${outcome.data.found}` : outcome.code;
}

/** A client id of somebody's own that his session does not use. */
async function openAnother({ room }: DocumentSession): Promise<number> {
  const outcome = await room.call("open", { isAlone: false });
  return outcome.kind === "accepted" ? outcome.result.client : 0;
}

/** The document as somebody has it who is not sent by the session. */
function copyFor(session: DocumentSession, client: number): TextDocument {
  const copy = copyDocument(session.document);
  copy.clientID = client;
  return copy;
}

/** What one does to a document, as an update. */
function made(document: TextDocument, change: (document: TextDocument) => void): Uint8Array {
  let update: Uint8Array = new Uint8Array();
  const take = (each: Uint8Array): void => void (update = each);
  document.on("update", take);
  document.transact(() => change(document));
  document.off("update", take);
  return update;
}

/** Goes on writing letter by letter until it is told to end; gives what was written. */
function typeOn(session: DocumentSession): () => Promise<string> {
  const over = new AbortController();
  let written = "";
  const typing = (async () => {
    while (!over.signal.aborted) {
      const letter = String.fromCharCode(97 + (written.length % 26));
      session.edit((text) => text.insert(text.length, letter));
      written += letter;
      await session.saved();
    }
  })();
  return async () => {
    over.abort();
    await typing;
    return written;
  };
}

test("what is forged, hangs in the air, is put elsewhere or is no text is refused by its code, and who goes on writing meanwhile notices nothing", async () => {
  await serve();
  const [ann, eve] = [await write("ann"), await write("eve")];
  ann.edit((text) => text.insert(0, "hello"));
  await ann.saved();
  await vi.waitFor(() => expect(eve.text).toBe("hello"));
  const [annId, eveId] = [ann.client ?? 0, await openAnother(eve)];
  const end = typeOn(ann);

  const forged = made(copyFor(eve, annId), (document) => document.getText("text").insert(0, "x"));
  const unknown = made(copyFor(eve, 99), (document) => document.getText("text").insert(0, "x"));
  const ahead = copyFor(eve, eveId);
  made(ahead, (document) => document.getText("text").insert(0, "missing"));
  const results = [
    await send(eve, annId, forged),
    await send(eve, eveId, forged),
    // Her own edit, signed with another's name.
    await send(
      eve,
      annId,
      made(copyFor(eve, eveId), (document) => document.getText("text").insert(0, "x")),
    ),
    await send(eve, 99, unknown),
    await send(eve, eveId, unknown),
    // What is before it was never sent.
    await send(
      eve,
      eveId,
      made(ahead, (document) => document.getText("text").insert(3, "x")),
    ),
    // It deletes what nobody has written.
    await send(
      eve,
      eveId,
      made(ahead, (document) => document.getText("text").delete(2, 2)),
    ),
    await send(
      eve,
      eveId,
      made(copyFor(eve, eveId), (document) => document.getText("title").insert(0, "x")),
    ),
    await send(
      eve,
      eveId,
      made(copyFor(eve, eveId), (document) => document.getMap("text2").set("a", 1)),
    ),
    await send(
      eve,
      eveId,
      made(copyFor(eve, eveId), (document) => document.getText("text").insertEmbed(0, { image: "x" })),
    ),
    await send(
      eve,
      eveId,
      made(copyFor(eve, eveId), (document) => document.getText("text").format(0, 2, { bold: true })),
    ),
    await send(eve, eveId, Uint8Array.of(1, 2, 3)),
  ];
  const bytes = await eve.room.call("edit", Uint8Array.of(7, 7));
  const written = await end();

  expect(results).toEqual([
    "FOREIGN_CLIENT",
    "FOREIGN_CLIENT",
    "FOREIGN_CLIENT",
    "FOREIGN_CLIENT",
    "FOREIGN_CLIENT",
    "GAP",
    "GAP",
    "FOREIGN_PLACE",
    "NOT_TEXT",
    "NOT_TEXT",
    "NOT_TEXT",
    "MALFORMED",
  ]);
  expect(bytes).toMatchObject({ kind: "refused", code: "REFUSED", data: { fault: "MALFORMED" } });
  expect([ann.text, ann.refused, await documents.text("1")]).toEqual([`hello${written}`, undefined, `hello${written}`]);
  await vi.waitFor(() => expect(eve.text).toBe(`hello${written}`));
  expect(written.length).toBeGreaterThan(5);
});

const grown = (own: TextDocument, text: string): Uint8Array => made(own, (document) => document.getText("text").insert(0, text));
/** Pieces of one letter, none beside another. */
const scattered = (own: TextDocument, pieces: number): Uint8Array =>
  made(own, (document) => {
    for (let piece = 0; piece < pieces; piece++) document.getText("text").insert(2 * piece + 1, "-");
  });
/** What makes a text of one piece one of so many more: a piece inside cuts another in two. */
const cutting = (own: TextDocument, pieces: number): Uint8Array =>
  made(own, (document) => {
    const text = document.getText("text");
    for (let piece = 0; piece < Math.floor(pieces / 2); piece++) text.insert(2 * piece + 1, "-");
    if (pieces % 2 === 1) text.insert(text.length, "-");
  });
const ofBytes = (own: () => TextDocument, bytes: number): Uint8Array => {
  const more = bytes - grown(own(), "x".repeat(bytes)).length;
  return grown(own(), "x".repeat(bytes + more));
};

test.for([
  ["updateBytes", 300, ofBytes],
  ["updatePieces", 12, (own, pieces) => scattered(own(), pieces)],
  ["characters", 90, (own, characters) => grown(own(), "x".repeat(characters - 40))],
  ["pieces", 31, (own, pieces) => cutting(own(), pieces - 1)],
] as readonly (readonly [keyof DocumentLimits, number, (own: () => TextDocument, size: number) => Uint8Array])[])(
  "%s may be %i, and one more is refused and changes nothing",
  async ([limit, most, make]) => {
    await serve({ updateBytes: 1_000, updatePieces: 1_000, [limit]: most });
    const [ann, eve] = [await write("ann"), await write("eve")];
    ann.edit((text) => text.insert(0, "y".repeat(40)));
    await ann.saved();
    await vi.waitFor(() => expect(eve.text).toHaveLength(40));
    const client = await openAnother(eve);
    const own = (): TextDocument => copyFor(eve, client);
    const count = eve.room.position?.count;

    const past = await send(eve, client, make(own, most + 1));
    const after = [eve.room.position?.count, await documents.text("1")];
    const reached = await send(eve, client, make(own, most));

    expect([past, after, reached]).toEqual([`${limit} ${most + 1}`, [count, "y".repeat(40)], "accepted"]);
    await vi.waitFor(() => expect(ann.text.length).toBeGreaterThan(40));
  },
);

test("of 10,000 mutated edits none disturbs who goes on writing, and none leaves anything hanging in the document", { timeout: 120_000 }, async () => {
  await serve();
  const [ann, eve] = [await write("ann"), await write("eve")];
  ann.edit((text) => text.insert(0, "hello"));
  await ann.saved();
  await vi.waitFor(() => expect(eve.text).toBe("hello"));
  const [draw, client] = [createDraw(17), await openAnother(eve)];
  const own = copyFor(eve, client);
  const updates = [
    grown(own, "wonderful"),
    made(own, (document) => document.getText("text").delete(1, 6)),
    made(own, (document) => document.getText("text").insert(3, "ünï😀")),
    scattered(own, 5),
  ];
  const counts = new Map<string, number>();
  const end = typeOn(ann);

  for (let sent = 0; sent < 10_000; sent += 50) {
    const mutated = Array.from({ length: 50 }, () => {
      const bytes = Uint8Array.from(updates[draw(updates.length)] ?? []);
      for (let changes = 1 + draw(3); changes > 0; changes--) bytes[draw(bytes.length)] = draw(256);
      return bytes.subarray(0, draw(4) === 0 ? draw(bytes.length) : bytes.length);
    });
    for (const result of await Promise.all(mutated.map((update) => send(eve, client, update)))) counts.set(result, (counts.get(result) ?? 0) + 1);
  }
  const written = await end();

  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(10_000);
  expect(counts.get("accepted")).toBeGreaterThan(10);
  expect(counts.get("MALFORMED")).toBeGreaterThan(1_000);
  expect([ann.refused, written.length > 100]).toEqual([undefined, true]);
  const fresh = await write("bob");
  const state = fresh.room.confirmedState;
  expect([ann.text, fresh.text]).toEqual([await documents.text("1"), await documents.text("1")]);
  for (const document of [ann.document, eve.document, fresh.document, state?.document]) expect(document && hasPending(document)).toBe(false);
  // What is stored is what is shown.
  await documents.past("1").catchUp();
  expect(textOf(documents.past("1").head)).toBe(ann.text);
});
