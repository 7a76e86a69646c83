import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { type Client, createClient } from "nexios/client";
import { binaryWire } from "nexios/client/binary";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { documentRoom } from "./contract.ts";
import { createDocument, editText, textName, textOf } from "./engine.ts";
import { type Access, encodeEdit } from "./entry.ts";
import { DocumentSession } from "./session.ts";
import { serveDocuments } from "./serve-documents.ts";
import { writerOf } from "./state.ts";

let folder: string;
let app: NexiosApp;
let url: string;
let clients: Client[];
const access = new Map<string, Access>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-documents-"));
  clients = [];
  access.clear();
  await open();
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
});

async function open(port = 0): Promise<void> {
  app = new NexiosApp({ auth: { jwt: { secret: "x".repeat(32) } }, rooms: { folder } });
  app.add(serveDocuments({ accessOf: ({ id }) => access.get(id) ?? "write", limits: { characters: 40 } }));
  ({ url } = await app.listen({ port }));
}

async function write(name: string): Promise<DocumentSession> {
  const client = createClient({
    url: `${url}/realtime`,
    ...(name === "bob" && { wire: binaryWire }),
    token: () => app.tokens.issue({ sub: name, name }, { expiresInSeconds: 60 }),
    limits: { retryMs: 10, longestRetryMs: 50 },
  });
  clients.push(client);
  const session = new DocumentSession(client, "1");
  await session.opened();
  return session;
}

function insert({ document }: DocumentSession, at: number, text: string): void {
  document.getText(textName).insert(at, text);
}

test("what two write at once comes together to one text, on both wires, and each edit has its writer", async () => {
  const [ann, bob] = [await write("ann"), await write("bob")];

  insert(ann, 0, "hello");
  insert(bob, 0, "world");
  await Promise.all([ann.saved(), bob.saved()]);

  await vi.waitFor(() => expect(textOf(ann.document)).toBe(textOf(bob.document)));
  expect(textOf(ann.document)).toHaveLength(10);
  const state = ann.room.confirmedState;
  expect([ann.client, bob.client].map((client) => state && writerOf(state, client ?? 0)?.name)).toEqual(["ann", "bob"]);
});

test("what was stored is there after a restart, for a reader who knows nothing", async () => {
  const ann = await write("ann");
  insert(ann, 0, "kept");
  await ann.saved();
  const port = Number(new URL(url).port);
  await app.stop({ deadlineMs: 200 });

  await open(port);
  const bob = await write("bob");

  expect(textOf(bob.document)).toBe("kept");
});

test("an edit past a limit is refused whole: its text is handed out, and one goes on with what others have", async () => {
  const [ann, bob] = [await write("ann"), await write("bob")];
  insert(ann, 0, "short");
  await ann.saved();
  await vi.waitFor(() => expect(textOf(bob.document)).toBe("short"));

  insert(bob, 5, " and much too long for this document, by far");
  await vi.waitFor(() => expect(bob.refused).toEqual({ code: "TOO_LARGE", text: "short and much too long for this document, by far" }));
  await vi.waitFor(() => expect(textOf(bob.document)).toBe("short"));
  await bob.opened();
  insert(bob, 5, "er");
  await bob.saved();

  await vi.waitFor(() => expect(textOf(ann.document)).toBe("shorter"));
});

test("who may only read is refused, and others are not disturbed", async () => {
  access.set("bob", "read");
  const [ann, bob] = [await write("ann"), await write("bob")];

  insert(bob, 0, "no");
  await vi.waitFor(() => expect(bob.refused).toEqual({ code: "READ_ONLY", text: "no" }));
  insert(ann, 0, "yes");
  await ann.saved();

  await vi.waitFor(() => expect(textOf(bob.document)).toBe("yes"));
  expect(bob.access).toBe("read");
});

test("another's client id, and bytes that are no edit, are refused by a code, and leave the document as it was", async () => {
  const [ann, bob] = [await write("ann"), await write("bob")];
  const forged = editText(createDocument(ann.client), (text) => text.insert(0, "forged")) ?? new Uint8Array();

  const outcomes = await Promise.all(
    [
      encodeEdit(ann.client ?? 0, forged),
      encodeEdit(bob.client ?? 0, forged),
      new Uint8Array([9, 9]),
      encodeEdit(bob.client ?? 0, new Uint8Array([1, 2, 3])),
    ].map((edit) => bob.room.call("edit", edit)),
  );

  expect(outcomes.map((outcome) => outcome.kind === "refused" && outcome.code === "REFUSED" && outcome.data.fault)).toEqual([
    "FOREIGN_CLIENT",
    "FOREIGN_CLIENT",
    "MALFORMED",
    "MALFORMED",
  ]);
  expect(textOf(ann.document)).toBe("");
});

test("an edit that is sent again changes nothing, and is no entry", async () => {
  const ann = await write("ann");
  const update = editText(createDocument(ann.client), (text) => text.insert(0, "once")) ?? new Uint8Array();
  const edit = encodeEdit(ann.client ?? 0, update);

  await ann.room.call("edit", edit);
  const before = ann.room.position?.count;
  const again = await ann.room.call("edit", edit);

  expect(again.kind).toBe("accepted");
  expect(ann.room.position?.count).toBe(before);
  expect(textOf((await app.room(documentRoom, { id: "1" }).state()).document)).toBe("once");
});
