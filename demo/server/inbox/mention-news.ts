import { defineSubscription, type Handling, type NexiosApp, type Subscription } from "nexios";
import { type AuthoredRun, documentRoom, textOf } from "nexios/collab";
import type { DeskText } from "../../rooms/desk.ts";
import { deskRoom } from "../desk/desk-room.ts";
import { authorAt, findMentions, type Namesake } from "./mentions.ts";
import { isPerson, type NoticeServices, tell } from "./notice-desk.ts";
import { mentionNotice, noticeKey } from "./notices.ts";

const pageEntries = 1_000;
const mostPeople = 500;
const setMentions =
  "insert into text_mentions (text, person, total, by_others) values (?, ?, ?, ?) on conflict (text, person) do update set total = excluded.total, by_others = excluded.by_others";

/** How often somebody is named in a text: by anybody, and by others than himself. */
interface Known {
  readonly total: number;
  readonly byOthers: number;
}

/**
 * Tells people that they are named in a text of the catalogue. The desk's list says of each text every few seconds that it was changed: so a text is looked at when those who
 * write pause, and not at each key.
 */
export function followMentions(services: NoticeServices): Subscription {
  return defineSubscription("saleroom-mentions", deskRoom, (text, handling) => look(services, text, handling), {
    filter: ({ edited }) => edited !== undefined,
  });
}

async function look(services: NoticeServices, { id, title, edited }: DeskText, { offset, transaction }: Handling): Promise<void> {
  const { app } = services;
  const known = await knownOf(app, id);
  const room = app.room(documentRoom, { id });
  const state = await room.state();
  const text = textOf(state.document);
  if (!text.includes("@") && known.size === 0) return;
  const people = await peopleOf(app, id);
  const found = findMentions(text, people);
  const changed = [...new Set([...found.keys(), ...known.keys()])].filter((userId) => (found.get(userId)?.length ?? 0) !== (known.get(userId)?.total ?? 0));
  if (changed.length === 0) return;
  const answer = await room.ask("authorsAt", { count: state.count });
  const runs: readonly AuthoredRun[] = answer.kind === "answered" ? answer.value : [];
  const rows: [userId: string, now: Known][] = [];
  for (const userId of changed) {
    const mentions = found.get(userId) ?? [];
    const byOthers = mentions.map((mention) => ({ ...mention, by: authorAt(runs, mention.at) })).filter(({ by }) => by?.userId !== userId);
    const last = byOthers.at(-1);
    if (last !== undefined && byOthers.length > (known.get(userId)?.byOthers ?? 0)) {
      const name = last.by?.name || edited?.by || "?";
      await tell(services, userId, mentionNotice({ id, title, excerpt: last.excerpt }, { name }), noticeKey("mention", id, offset));
    }
    rows.push([userId, { total: mentions.length, byOthers: byOthers.length }]);
  }
  await transaction(async (tx) => {
    for (const [userId, { total, byOthers }] of rows) {
      if (total === 0) await tx.query("delete from text_mentions where text = ? and person = ?", [id, userId]);
      else await tx.query(setMentions, [id, userId, total, byOthers]);
    }
  });
}

async function knownOf(app: Pick<NexiosApp, "store">, id: string): Promise<ReadonlyMap<string, Known>> {
  const { rows } = await app.store.query("select person, total, by_others from text_mentions where text = ?", [id]);
  return new Map(rows.map(({ person, total, by_others: byOthers }) => [String(person), { total: Number(total), byOthers: Number(byOthers) }]));
}

/** Who has opened the text, by the names that they had: those too of whom nothing is left in it, as far back as its log goes. */
async function peopleOf(app: Pick<NexiosApp, "room">, id: string): Promise<readonly Namesake[]> {
  const room = app.room(documentRoom, { id });
  const { oldest, writers } = await room.state();
  const people = new Map<string, Namesake>();
  const add = ({ userId, name }: Namesake): void => {
    if (isPerson(userId)) people.set(JSON.stringify([userId, name]), { userId, name });
  };
  writers.forEach(add);
  for (let after = oldest; ; after += pageEntries) {
    const entries = await room.entries(after, pageEntries);
    for (const { value } of entries) if (value.kind === "opened") add(value);
    if (entries.length < pageEntries) return [...people.values()].slice(-mostPeople);
  }
}
