// An app that sends, as a process of its own: a test kills it again and again. It makes the same notifications at each start, under the same keys.
import { NexiosApp } from "nexios";
import { inboxRoom, type PushSubscription } from "nexios/notifications";
import { createSmtpTransport } from "nexios/notifications/email";
import { createWebPush } from "nexios/notifications/push";
import { addInbox, addSending } from "nexios/notifications/server";

/** What it is told at its start, as JSON. */
export interface KilledHouse {
  readonly folder: string;
  readonly push: { readonly host: string; readonly ca: string };
  readonly mail: { readonly port: number; readonly ca: string };
  readonly people: Readonly<Record<string, readonly PushSubscription[]>>;
}

const { folder, push, mail, people } = JSON.parse(process.argv[2] ?? "") as KilledHouse;
const secret = "a secret of the tests, 32 letters long";
const app = new NexiosApp({ rooms: { folder } });
const inbox = addInbox(app, { categories: { outbid: { email: "on" } }, endpointSecret: secret, pushAfterMs: 50, emailAfterMs: 50 });
const transport = createSmtpTransport({ host: "localhost", port: mail.port, ca: mail.ca });
addSending(app, inbox, {
  push: createWebPush({ subject: "mailto:us@house.example", folder, ca: push.ca, allowHosts: [push.host] }),
  email: { transport, from: "us@house.example", url: "https://house.example", secret },
});

/** `ann 1-push sent` for each report. */
app.get("/reports", async (c) => {
  const states = await Promise.all(Object.keys(people).map(async (userId) => [userId, await app.room(inboxRoom, { userId }).state()] as const));
  return c.json(
    states.flatMap(([userId, { items }]) =>
      items.flatMap(({ deliveries }) => deliveries.flatMap(({ id, attempts }) => attempts.map(({ status }) => `${userId} ${id} ${status}`))),
    ),
  );
});
const { url } = await app.listen({ port: 0 });
process.stdout.write(`${url}\n`);
for (const [userId, subscriptions] of Object.entries(people)) {
  for (const subscription of subscriptions) await inbox.addEndpoint(userId, { channel: "push", label: "phone", subscription });
  await inbox.addEndpoint(userId, { channel: "email", label: "mail", address: `${userId}@example.com` });
  await Promise.all(
    Array.from({ length: 10 }, () => inbox.notify(userId, { category: "outbid", title: "Outbid" }, { producer: "auction", idempotencyKey: "bid 7" })),
  );
}
