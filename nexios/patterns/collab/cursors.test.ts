import { simulate } from "nexios/simulation";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toBase64 } from "./cursors.ts";
import { encodePlace } from "./engine.ts";
import { Desk } from "./session-desk.fixture.ts";
import { openIn } from "./session-world.fixture.ts";
import { serveDocuments } from "./serve-documents.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open();
});

afterEach(() => desk.close());

test("a caret is shown to others with the name that the server vouches for, and is gone with its page", async () => {
  const [ann, bob] = [desk.write("ann"), desk.write("bob")];
  await Promise.all([ann.session.opened(), bob.session.opened()]);
  bob.session.edit((text) => text.insert(0, "hello"));
  await bob.session.saved();

  bob.session.cursors.show(1, 4);
  await vi.waitFor(() => expect(ann.session.cursors.people[0]?.cursor).toBeDefined());
  const seen = ann.session.cursors.people;
  await bob.session.close();

  expect(seen).toEqual([{ userId: "bob", name: "bob", client: bob.session.client, cursor: { anchor: 1, head: 4 }, isIdle: false }]);
  await vi.waitFor(() => expect(ann.session.cursors.people).toEqual([]));
});

test("a caret stays between the same two characters whatever is written before, at and behind it", async () => {
  await simulate([serveDocuments({ accessOf: () => "write" })], { seeds: 5, faults: false }, async (world) => {
    const [ann, bob] = ["ann", "bob"].map((name) => openIn(world, world.client(name))) as [ReturnType<typeof openIn>, ReturnType<typeof openIn>];
    await Promise.all([ann.opened(), bob.opened()]);
    ann.edit((text) => text.insert(0, "0123456789".repeat(3)));
    await ann.saved();
    await world.settle();
    for (let turn = 0; turn < 40; turn++) {
      const at = world.random.between(1, bob.text.length - 1);
      const [left, right] = [bob.text.charAt(at - 1), bob.text.charAt(at)];
      bob.cursors.show(at);
      await world.run(500);
      const where = world.random.between(0, ann.text.length);
      ann.edit((text) => text.insert(where === at ? where + 1 : where, "<"));
      await ann.saved();
      await world.run(500);

      const head = ann.cursors.people.find(({ userId }) => userId === "bob")?.cursor?.head ?? -1;
      const around = ann.text.replaceAll("<", "");
      const place = head - (ann.text.slice(0, head).match(/</g) ?? []).length;
      // Between what was inserted alike there is no telling.
      const isPlain = left !== "<" && right !== "<";
      expect(isPlain ? [around.charAt(place - 1), around.charAt(place)] : [left, right]).toEqual([left, right]);
      expect(head).toBeGreaterThan(-1);
    }
  });
});

test("a caret that comes before the edit that it points into stays where it was until that has come", async () => {
  const [ann, bob] = [desk.write("ann"), desk.write("bob")];
  await Promise.all([ann.session.opened(), bob.session.opened()]);
  bob.session.edit((text) => text.insert(0, "ab"));
  await bob.session.saved();
  bob.session.cursors.show(1);
  await vi.waitFor(() => expect(ann.session.cursors.people[0]?.cursor).toEqual({ anchor: 1, head: 1 }));
  const client = bob.session.client ?? 0;

  // A frame of presence that has passed the edit.
  bob.session.edit((text) => text.insert(2, "cd"));
  const place = toBase64(encodePlace(bob.session.document, 3));
  vi.spyOn(ann.session.room, "people", "get").mockReturnValue([{ userId: "bob", name: "bob", state: { client, cursor: { anchor: place, head: place } } }]);
  const before = [ann.session.text, ann.session.cursors.people[0]?.cursor];
  await vi.waitFor(() => expect(ann.session.text).toBe("abcd"));
  const after = ann.session.cursors.people[0]?.cursor;

  expect([before, after]).toEqual([["ab", { anchor: 1, head: 1 }], { anchor: 3, head: 3 }]);
});

test("who has not moved for a minute is idle, until he moves again", async () => {
  await simulate([serveDocuments({ accessOf: () => "write" })], { seeds: 1, faults: false }, async (world) => {
    const [ann, bob] = [openIn(world, world.client("ann")), openIn(world, world.client("bob"))];
    await Promise.all([ann.opened(), bob.opened()]);
    const isIdle = (): boolean | undefined => ann.cursors.people.find(({ userId }) => userId === "bob")?.isIdle;

    bob.cursors.show(0);
    await world.run(59_000);
    const before = isIdle();
    await world.run(2_000);
    const then = isIdle();
    bob.cursors.show(0);
    await world.run(1_000);

    expect([before, then, isIdle()]).toEqual([false, true, false]);
  });
});

test("another client's nonsense is no caret", async () => {
  const [ann, bob] = [desk.write("ann"), desk.write("bob")];
  await Promise.all([ann.session.opened(), bob.session.opened()]);

  bob.session.room.show({ client: bob.session.client ?? 0, cursor: { anchor: "no base64 !", head: "////" } });

  await vi.waitFor(() => expect(ann.session.cursors.people).toHaveLength(1));
  expect(ann.session.cursors.people[0]?.cursor).toBeUndefined();
});

test("who shows another's client id moves nobody's caret, and does not hide from whose it is", async () => {
  await desk.documents.create("1", "0123456789");
  const [ann, bob, eve] = [desk.write("ann"), desk.write("bob"), desk.write("eve")];
  await Promise.all([ann, bob, eve].map(({ session }) => session.opened()));
  ann.session.cursors.show(2);
  const seenBy = (writer: typeof bob, userId: string) => writer.session.cursors.people.find((person) => person.userId === userId);
  await vi.waitFor(() => expect(seenBy(bob, "ann")?.cursor?.head).toBe(2));
  const place = toBase64(encodePlace(eve.session.document, 9));

  eve.session.room.show({ client: ann.session.client ?? 0, cursor: { anchor: place, head: place } });
  await vi.waitFor(() => {
    for (const { session } of [ann, bob]) expect(session.room.people.find(({ userId }) => userId === "eve")?.state.client).toBe(ann.session.client);
  });

  expect(seenBy(bob, "ann")).toEqual({ userId: "ann", name: "ann", client: ann.session.client, cursor: { anchor: 2, head: 2 }, isIdle: false });
  expect(seenBy(bob, "eve")).toEqual({ userId: "eve", name: "eve", client: 0, cursor: undefined, isIdle: false });
  expect(seenBy(ann, "eve")).toMatchObject({ client: 0, cursor: undefined });
});
