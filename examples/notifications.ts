// The tutorial's `notification.created`, so that nothing is lost: `node --conditions=source examples/notifications.ts`. Ann has a page open; Bob is away, and gets a mail.
import { auth, defineEvent, defineSubscription, NexiosApp, readJson } from "nexios";
import { createClient } from "nexios/client";
import { inboxRoom } from "nexios/notifications";
import { addInbox, addSending, type EmailMessage } from "nexios/notifications/server";
import * as z from "zod";

const secret = "only for a try: 32 characters or more";
const created = defineEvent("notification.created", { payload: z.object({ userId: z.string(), title: z.string() }), key: ({ userId }) => userId });
// A real one: `createSmtpTransport` of `nexios/notifications/email`.
const transport = { send: async ({ to, subject, messageId: id }: EmailMessage) => (console.log(`Mail to ${to}: ${subject}`), { id }) };

const app = new NexiosApp({ rooms: { folder: process.env["NEXIOS_DATA"] || ".data/notifications" } });
const inbox = addInbox(app, { categories: { order: { email: "on" } }, endpointSecret: secret, emailAfterMs: 1_000 });
addSending(app, inbox, { email: { transport, from: "Shop <shop@example.com>", url: "http://127.0.0.1:3000", secret } });
const once = (idempotencyKey: string) => ({ producer: "shop", idempotencyKey });
app.add(defineSubscription("notify", created, ({ userId, title }, { id }) => inbox.notify(userId, { category: "order", title }, once(id))));
app.store.migrate([{ number: 1, name: "orders", sql: "create table orders (customer text not null, item text not null)" }]);
app.post("/orders", auth(["jwt"]), async (c) => {
  const { item } = await readJson(c, z.object({ item: z.string().min(1).max(100) }));
  // The order, and what tells of it: both are written, or neither.
  await app.store.transaction(async (tx) => {
    await tx.query("insert into orders (customer, item) values (?, ?)", [c.var.user.id, item]);
    await tx.emit(created, { userId: c.var.user.id, title: `Your ${item} is on its way` });
  });
  return c.json({ item }, 201);
});
const { url } = await app.run({ port: Number(process.env["PORT"] || 3_000) });

const token = (sub: string) => app.tokens.issue({ sub }, { expiresInSeconds: 600 });
const page = createClient({ url: `${url}/realtime`, token: () => token("ann") }).join(inboxRoom, { userId: "ann" });
page.onEntry(({ value }) => value.kind === "created" && console.log(`On Ann's page: ${value.content.title}`));
page.onEntry(({ value }) => value.kind === "created" && page.call("seen", { upTo: page.confirmedState?.top ?? 0 }));
for (const [user, item] of Object.entries({ ann: "clock", bob: "lamp" })) {
  await inbox.addEndpoint(user, { channel: "email", label: "Mail", address: `${user}@example.com` });
  await fetch(`${url}/orders`, { method: "POST", headers: { authorization: `Bearer ${await token(user)}` }, body: JSON.stringify({ item }) });
}
