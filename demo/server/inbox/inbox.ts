import { type Clock, keepSecret, type NexiosApp } from "nexios";
import { createWebPush } from "nexios/notifications/push";
import { addInbox, addSending, type Inboxes } from "nexios/notifications/server";
import { categories } from "../../rooms/inbox.ts";
import { followClosings } from "./closing-news.ts";
import { closingRoom } from "./closing-room.ts";
import { deriveSecret, deriveVapidKeys } from "./derive-secrets.ts";
import { followers, followingRoom } from "./following-room.ts";
import { followLots } from "./lot-news.ts";
import { followMentions } from "./mention-news.ts";
import { inboxMigrations } from "./tables.ts";

export interface SaleroomInboxOptions {
  /** Where the keys for Web Push are kept, and what endpoints are sealed with, unless several processes share them. */
  readonly dataFolder: string;
  readonly clock: Clock;
  /** What all processes are given: of it those are made then. */
  readonly secret?: string | undefined;
}

/** Adds everybody's inbox, and what is told there: of lost leads, of lots that close, of what was won and sold, of names in the catalogue's texts. */
export function addSaleroomInbox(app: NexiosApp, { dataFolder, clock, secret }: SaleroomInboxOptions): Inboxes {
  const given = app.store.isShared && secret ? secret : undefined;
  const endpointSecret = given === undefined ? keepSecret(dataFolder, "inbox-secret") : deriveSecret(given, "inbox endpoints");
  const inboxes = addInbox(app, { categories, endpointSecret });
  const keys = given === undefined ? { folder: dataFolder } : { keys: deriveVapidKeys(given) };
  const push = createWebPush({ subject: "mailto:saleroom@localhost.example", ...keys, clock });
  const services = { app, inboxes, now: () => clock.now() };
  app.store.migrate(inboxMigrations);
  app.add(closingRoom, followingRoom, followers, followLots(services), followClosings(services), followMentions(services));
  addSending(app, inboxes, { push, clock });
  app.get("/api/push-key", (c) => c.json({ key: push.publicKey }));
  return inboxes;
}
