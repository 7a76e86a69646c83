import type { NexiosApp } from "nexios";
import { documentRoom } from "nexios/collab";

const pageEntries = 1_000;
/** Of more than so many, those who have come last. */
export const mostOpeners = 500;

/** Who has opened a document, by user id: of those too of whom nothing is left in it since it was folded, as far back as its log goes. */
export async function openersOf(app: Pick<NexiosApp, "room">, id: string): Promise<ReadonlySet<string>> {
  const room = app.room(documentRoom, { id });
  const { oldest, writers } = await room.state();
  const openers = new Set<string>();
  const add = (userId: string): void => {
    openers.delete(userId);
    openers.add(userId);
    if (openers.size > mostOpeners) for (const first of openers.values().take(1)) openers.delete(first);
  };
  for (const { userId } of writers) add(userId);
  for (let after = oldest; ; after += pageEntries) {
    const entries = await room.entries(after, pageEntries);
    for (const { value } of entries) if (value.kind === "opened") add(value.userId);
    if (entries.length < pageEntries) return openers;
  }
}
