import { defineSubscription, type NexiosApp, type SharedMetrics } from "nexios";
import { sale } from "nexios/auction";
import { serveAuction } from "nexios/auction/server";
import { serveInbox } from "nexios/notifications/server";
import { desk, deskName } from "../../rooms/desk.ts";
import { house, houseName } from "../../rooms/house.ts";
import { categories } from "../../rooms/inbox.ts";
import { saleId } from "../auction/house-lots.ts";

const lookEveryMs = 1_000;
/** Each entry is counted once a time it is read: where a process dies in between, once more. */
const shortTries = { attempts: 3 } as const;

/** Counts what the house does: bids, notifications, lines of talk, edits of its texts; and how many lots are open. What several processes would see each, the first counts. */
export function addSaleroomFigures(app: NexiosApp, shared: Pick<SharedMetrics, "isFirst">): void {
  const { metrics } = app;
  const bids = metrics.counter("saleroom_bids", { help: "Bids that were taken" });
  const notifications = metrics.counter("saleroom_notifications", { help: "Notifications that were written to inboxes" });
  const lines = metrics.counter("saleroom_lines", { help: "Lines that were said in the house's talk" });
  const edits = metrics.counter("saleroom_edits", { help: "Edits of the catalogue's texts" });
  const lots = metrics.gauge("saleroom_lots_open", { help: "Lots of the sale that are open or to come", merge: "max" });
  // Of the rooms only how their entries are read is needed.
  app.add(
    defineSubscription("saleroom-count-bids", serveAuction({ isAuctioneer: () => false }), () => bids.add(), {
      filter: ({ shown }) => shown?.kind === "bid",
      ...shortTries,
    }),
    defineSubscription("saleroom-count-notifications", serveInbox({ categories }), () => notifications.add(), {
      filter: ({ kind }) => kind === "created",
      ...shortTries,
    }),
  );
  const addLines = addIncrease((more) => lines.add(more));
  const addEdits = addIncrease((more) => edits.add(more));
  app.every(lookEveryMs, async () => {
    const counts = shared.isFirst();
    addLines((await app.room(house, { house: houseName }).state()).count, counts);
    addEdits(
      (await app.room(desk, { deskId: deskName }).state()).reduce((sum, { count }) => sum + count, 0),
      counts,
    );
    lots.set((await app.room(sale, { saleId }).state()).filter(({ closed }) => closed === undefined).length);
  });
}

/** Of a count that is read again and again: by how much it has grown. Of the first reading nothing is new, and one that has become less has lost what it counted. */
function addIncrease(add: (more: number) => void): (count: number, counts: boolean) => void {
  let before: number | undefined;
  return (count, counts) => {
    if (counts && before !== undefined && count > before) add(count - before);
    before = count;
  };
}
