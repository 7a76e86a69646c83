import { connect, type Peer } from "nexios/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Program, startProgram } from "./child-process.ts";

let program: Program;
let url: string;

beforeAll(async () => {
  program = startProgram(process.execPath, ["--conditions=source", "examples/tutorial.ts"], { PORT: "0", NEXIOS_SECRET: "a secret of the test, long enough" });
  url = (await program.line(/http:\/\/\S+/))[0];
});

afterAll(async () => {
  await program.stop();
});

async function login(name: string): Promise<string> {
  const response = await fetch(`${url}/login`, { method: "POST", body: JSON.stringify({ name }) });
  const { token } = (await response.json()) as { token: string };
  return token;
}

async function join(name: string, path: string): Promise<Peer> {
  return connect(url, path, { token: await login(name) });
}

async function notify(from: string, userId: string, text: string): Promise<number> {
  const headers = { authorization: `Bearer ${await login(from)}` };
  const response = await fetch(`${url}/notifications`, { method: "POST", headers, body: JSON.stringify({ userId, text }) });
  return response.status;
}

test("the token's sub is the user id", async () => {
  const token = await login("ann");

  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sub: string };

  expect(claims.sub).toBe("ann");
});

test("a user who is there gets a notification at once, and nobody else does", async () => {
  const ann = await join("ann1", "/notifications");
  const bob = await join("bob1", "/notifications");

  expect(await notify("carl", "ann1", "your turn")).toBe(201);
  expect(await notify("carl", "bob1", "not yours")).toBe(201);

  expect(await ann.nextJson()).toEqual({
    type: "notification",
    data: { notificationId: expect.any(String), text: "your turn", timestamp: expect.any(String) },
  });
  expect(await bob.nextJson()).toMatchObject({ data: { text: "not yours" } });
  ann.close();
  bob.close();
});

test("an absent user gets on his return what he missed, until he acknowledges it", async () => {
  await notify("carl", "dora", "one");
  await notify("carl", "dora", "two");

  const first = await join("dora", "/notifications");
  const one = await first.nextJson<{ data: { notificationId: string; text: string } }>();
  const two = await first.nextJson<{ data: { text: string } }>();
  first.sendJson({ type: "ack", notificationId: one.data.notificationId });
  first.close();
  await first.closed;
  const second = await join("dora", "/notifications");
  const left = await second.nextJson<{ data: { text: string } }>();

  expect([one.data.text, two.data.text, left.data.text]).toEqual(["one", "two", "two"]);
  second.close();
});

test("a notification needs a token", async () => {
  const response = await fetch(`${url}/notifications`, { method: "POST", body: JSON.stringify({ userId: "ann", text: "x" }) });

  expect(response.status).toBe(401);
});

test("five viewers get one update an interval each, and a killed one hurts nobody", async () => {
  const viewers = await Promise.all(["v1", "v2", "v3", "v4", "v5"].map((name) => join(name, "/dashboard")));
  const initials = await Promise.all(viewers.map((viewer) => viewer.nextJson<{ type: string }>()));
  const [killed, ...others] = viewers;
  killed?.terminate();

  const rounds = await Promise.all(others.map(async (viewer) => [await viewer.nextJson<Update>(), await viewer.nextJson<Update>()] as const));

  expect(initials.map(({ type }) => type)).toEqual(Array.from({ length: 5 }, () => "initial"));
  for (const [first, second] of rounds) {
    expect(first.type).toBe("update");
    expect(Date.parse(second.timestamp) - Date.parse(first.timestamp)).toBeGreaterThan(4_500);
  }
  expect(new Set(rounds.map(([first]) => first.timestamp)).size).toBe(1);
  for (const viewer of others) viewer.close();
});

interface Update {
  readonly type: string;
  readonly timestamp: string;
}

test("an edit is applied once: the sender gets its version, the others the edit, a late joiner the text", async () => {
  const ann = await join("ann", "/collab/essay");
  const bob = await join("bob", "/collab/essay");
  const initial = await ann.nextJson<{ version: number }>();
  await bob.nextJson();

  ann.sendJson({ type: "edit", changes: [{ from: 0, to: 0, insert: "héllo 😀 world" }], version: initial.version });
  const ack = await ann.nextJson<{ version: number }>();
  const seen = await bob.nextJson();
  bob.sendJson({
    type: "edit",
    changes: [
      { from: 9, to: 14, insert: "there" },
      { from: 0, to: 1, insert: "H" },
    ],
    version: ack.version,
  });
  await bob.nextJson();
  const late = await join("carl", "/collab/essay");

  expect(initial).toEqual({ type: "initial", content: "", version: 1 });
  expect(ack).toEqual({ type: "ack", version: 2 });
  expect(seen).toEqual({ type: "edit", user: "ann", changes: [{ from: 0, to: 0, insert: "héllo 😀 world" }], version: 2, timestamp: expect.any(String) });
  expect(await late.nextJson()).toEqual({ type: "initial", content: "Héllo 😀 there", version: 3 });
  for (const peer of [ann, bob, late]) peer.close();
});

test("an edit on a stale version, or out of the text, is rejected with what is there", async () => {
  const ann = await join("ann", "/collab/stale");
  await ann.nextJson();
  ann.sendJson({ type: "edit", changes: [{ from: 0, to: 0, insert: "abc" }], version: 1 });
  await ann.nextJson();

  ann.sendJson({ type: "edit", changes: [{ from: 0, to: 0, insert: "x" }], version: 1 });
  ann.sendJson({ type: "edit", changes: [{ from: 2, to: 9, insert: "x" }], version: 2 });
  ann.sendJson({
    type: "edit",
    changes: [
      { from: 0, to: 2, insert: "x" },
      { from: 1, to: 3, insert: "y" },
    ],
    version: 2,
  });

  expect(await ann.nextJson()).toEqual({ type: "rejected", code: "STALE_VERSION", content: "abc", version: 2 });
  expect(await ann.nextJson()).toEqual({ type: "rejected", code: "INVALID_CHANGES", content: "abc", version: 2 });
  expect(await ann.nextJson()).toEqual({ type: "rejected", code: "INVALID_CHANGES", content: "abc", version: 2 });
  ann.close();
});

test("a cursor reaches the others with its user, and not its sender", async () => {
  const ann = await join("ann", "/collab/cursors");
  const bob = await connect(url, "/collab/cursors", { subprotocols: ["nexios.auth", await login("bob")] });
  await Promise.all([ann.nextJson(), bob.nextJson()]);

  ann.sendJson({ type: "cursor", position: 3 });
  bob.sendJson({ type: "cursor", position: 4 });

  expect(await bob.nextJson()).toEqual({ type: "cursor", position: 3, user: "ann", timestamp: expect.any(String) });
  expect(await ann.nextJson()).toMatchObject({ position: 4, user: "bob" });
  ann.close();
  bob.close();
});

test("nothing of all this was an error", () => {
  expect(program.lines.filter((line) => line.includes('"kind":"error"'))).toEqual([]);
});
