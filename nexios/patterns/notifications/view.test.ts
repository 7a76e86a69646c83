import { expect, test } from "vitest";
import { hourMs, PaperInbox } from "./paper-inbox.fixture.ts";
import { viewInbox } from "./view.ts";

function titlesOf(inbox: PaperInbox, selection: Parameters<typeof viewInbox>[1]): string {
  return viewInbox(inbox.state, selection)
    .items.map(({ title }) => title)
    .join();
}

test("a page has the uppermost of its folder and category, and says whether there are more; its counts are of all", () => {
  const inbox = new PaperInbox();
  for (let made = 1; made <= 6; made++) inbox.create({ title: String(made), category: made % 2 === 0 ? "mention" : "outbid" });
  const [sixth, fifth, fourth] = inbox.state.items;
  inbox.change({ kind: "archived", ids: [sixth?.id ?? ""] });
  inbox.change({ kind: "snoozed", ids: [fifth?.id ?? ""], until: inbox.now + hourMs });
  inbox.change({ kind: "read", ids: [fourth?.id ?? ""] });

  expect(viewInbox(inbox.state, { limit: 2 })).toMatchObject({
    hasMore: true,
    counts: { unseen: 3, unread: 3, total: 4 },
    position: inbox.state.top,
    forgotten: 0,
  });
  expect([titlesOf(inbox, { limit: 2 }), titlesOf(inbox, {}), titlesOf(inbox, { category: "outbid" })]).toEqual(["4,3", "4,3,2,1", "3,1"]);
  expect([titlesOf(inbox, { folder: "archive" }), titlesOf(inbox, { folder: "snoozed" }), titlesOf(inbox, { folder: "archive", category: "outbid" })]).toEqual([
    "6",
    "5",
    "",
  ]);
  expect(viewInbox(inbox.state, { limit: 4 }).hasMore).toBe(false);
  expect(viewInbox(inbox.state, { category: "mention" }).counts).toMatchObject({ unread: 1, total: 2 });
  expect(viewInbox(inbox.state, { category: "news" }).counts).toMatchObject({ unread: 0, total: 0 });
});

test("fifty are shown unless another limit is given", () => {
  const inbox = new PaperInbox();
  for (let made = 0; made < 51; made++) inbox.create();

  const { items, hasMore, counts } = viewInbox(inbox.state);

  expect([items.length, hasMore, counts.total]).toEqual([50, true, 51]);
});
