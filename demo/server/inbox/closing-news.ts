import { defineSubscription, type Handling, type Subscription } from "nexios";
import { auction } from "nexios/auction";
import { closingRoom } from "./closing-room.ts";
import { eachOf, type NoticeServices, tell } from "./notice-desk.ts";
import { closingNotice, noticeKey } from "./notices.ts";

/** Tells those who have bid for a lot, or follow it, that its last minutes begin. */
export function followClosings(services: NoticeServices): Subscription {
  return defineSubscription(
    "saleroom-closings",
    closingRoom,
    ({ closesAt }, handling) => (closesAt === null ? undefined : ring(services, closesAt, handling)),
    {
      from: "start",
      filter: ({ kind }) => kind === "soon",
    },
  );
}

async function ring(services: NoticeServices, closesAt: number, { params: { lotId = "" } }: Handling): Promise<void> {
  const room = services.app.room(auction, { lotId });
  const { terms, closed, price } = await room.state();
  if (terms === undefined || closed !== undefined) return;
  const { title, currency } = terms;
  const answer = await room.ask("bidders");
  const { rows } = await services.app.store.query("select follower from lot_followers where lot = ?", [lotId]);
  const standings = new Map<string, "leading" | "outbid" | "sealed" | "none">(rows.map(({ follower }) => [String(follower), "none"]));
  for (const { userId, own } of answer.kind === "answered" ? answer.value : []) {
    const { standing } = own;
    if (standing === "leading" || standing === "outbid" || standing === "sealed") standings.set(userId, standing);
  }
  await eachOf([...standings], ([userId, standing]) =>
    tell(services, userId, closingNotice({ lotId, title }, { closesAt, standing, price, currency }), noticeKey("closing", lotId)),
  );
}
