import { auction } from "nexios/auction";
import { type Client, createClient } from "nexios/client";
import { realPace } from "./bids-clock.ts";
import type { AuctionHouse } from "./bids-house.ts";

/** Fewer than a Saleroom takes from one address. */
const mostConnections = 150;

/** A running Saleroom: everybody may list lots whose names begin with `replay-`. */
export async function visitHouse(url: string): Promise<AuctionHouse> {
  if (!/^https?:\/\//.test(url)) throw new Error(`--url must be an address such as http://127.0.0.1:3000, not ${url}`);
  const run = `replay-${Date.now().toString(36)}`;
  const enter = (name: string): Client => {
    let last: string | undefined;
    const token = async (): Promise<string> => (last = await sessionOf(url, name, last));
    return createClient({ url: new URL("/realtime", url).href.replace("http", "ws"), token });
  };
  // That somebody answers is known before anything begins.
  await sessionOf(url, "Replay", undefined);
  const desk = enter("Replay");
  return {
    pace: { ...realPace, now: () => desk.clock.now() },
    connections: mostConnections,
    lotId: (name) => `${run}-${name}`,
    async list(lotId, terms) {
      const room = desk.join(auction, { lotId });
      try {
        const outcome = await room.call("list", { terms, secret: {} });
        if (outcome.kind === "refused") throw new Error(`The lot ${lotId} may not be listed: ${outcome.code} ${JSON.stringify(outcome.data ?? "")}`);
      } finally {
        room.leave();
      }
    },
    enter,
    [Symbol.asyncDispose]: () => desk.close(),
  };
}

/** A token; with one that still holds, a later one for the same person. */
async function sessionOf(url: string, name: string, before: string | undefined): Promise<string> {
  const response = await fetch(new URL("/api/session", url), {
    method: "POST",
    headers: { "content-type": "application/json", ...(before !== undefined && { authorization: `Bearer ${before}` }) },
    body: JSON.stringify({ name }),
  }).catch((cause: unknown) => {
    throw new Error(`No server answers at ${url}: start one with "npm start", or leave out --url`, { cause });
  });
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { readonly token: string }).token;
}
