import { type Client, createClient, indexedDbStorage, type TokenReason } from "nexios/client";
import { currentToken, currentUserId, onIdentity } from "../identity/identity-store.ts";
import { network } from "../network/page-network.ts";
import { openWebSocket } from "../network/open-web-socket.ts";
import { ownCalls } from "./own-calls.ts";

/** Short, since this page's lines are broken on purpose, often several times in a row. */
const longestRetryMs = 3_000;

let client: Client | undefined;

/** The connection of this tab, for as long as its person is here: made when it is first asked for. */
export function houseClient(): Client {
  return (client ??= createClient({
    token: giveToken,
    storage: ownCalls(indexedDbStorage("saleroom"), currentUserId, Date.now),
    limits: { longestRetryMs },
    world: { connect: network.over(openWebSocket) },
  }));
}

// Whoever comes in next gets a connection of their own.
onIdentity(() => {
  if (currentUserId() !== undefined) return;
  void client?.close();
  client = undefined;
});

async function giveToken(reason: TokenReason): Promise<string | undefined> {
  const outcome = await currentToken(reason !== "first");
  if (outcome.kind === "unreachable") throw new Error("The server gives no token now");
  return outcome.kind === "token" ? outcome.token : undefined;
}
