// The tutorial "Nexios, Day 16: Real-time Application Patterns", handler by handler, in TypeScript. Start it with `npm run tutorial`.
import { auth, Channel, logReports, NexiosApp, readJson } from "nexios";
import * as z from "zod";

interface Notification {
  readonly notificationId: string;
  readonly userId: string;
  readonly text: string;
  readonly timestamp: string;
}

const app = new NexiosApp<{ "notification.created": Notification }>();

// --- Live notifications -------------------------------------------------------------------------------------------------

const Ack = z.object({ type: z.literal("ack"), notificationId: z.string() });

app.wsRoute("/notifications", auth(["jwt"]), async (ws) => {
  await ws.accept();
  const channel = new Channel(ws, { payloadType: "json" });
  await app.channels.addChannelToGroup(channel, `notifications_${ws.user.id}`);
  // The tutorial loses what was created while nobody was connected. Here it is kept until it is acknowledged, and told on return.
  for (const notification of unread(ws.user.id)) await ws.sendJson(toMessage(notification));
  // No `finally`: a channel leaves its groups with its connection.
  for await (const data of ws.messages(Ack, { skipInvalid: true })) markNotificationRead(ws.user.id, data.notificationId);
});

app.events.on("notification.created", (notification) => {
  app.channels.groupSend(`notifications_${notification.userId}`, toMessage(notification));
});

// --- Live dashboard -----------------------------------------------------------------------------------------------------

app.wsRoute("/dashboard", auth(["jwt"]), async (ws) => {
  await ws.accept();
  await ws.sendJson({ type: "initial", data: getCurrentMetrics() });
  await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "json" }), "dashboard");
  // The tutorial sleeps here and never reads, so that it never sees a viewer leave. Reading is how one notices.
  for await (const _ of ws.messages(undefined, { skipInvalid: true }));
});

// The tutorial runs this loop once per viewer, and each sends to all: N viewers get N updates each. Here one ticker serves all.
app.every(5_000, () => {
  if (app.channels.members("dashboard").length === 0) return;
  app.channels.groupSend("dashboard", { type: "update", data: getCurrentMetrics(), timestamp: now() });
});

// --- Collaborative editing ----------------------------------------------------------------------------------------------

const Change = z.object({ from: z.int().min(0), to: z.int().min(0), insert: z.string() });
const Edit = z.object({ type: z.literal("edit"), changes: z.array(Change).min(1).max(1_000), version: z.int() });
const Cursor = z.object({ type: z.literal("cursor"), position: z.int().min(0) });

app.wsRoute("/collab/{documentId}", auth(["jwt"]), async (ws) => {
  await ws.accept();
  const group = `doc_${ws.params.documentId}`;
  const channel = new Channel(ws, { payloadType: "json" });
  const document = getDocument(ws.params.documentId);
  // First the content, then the group, in one turn: no edit can come between.
  void ws.sendJson({ type: "initial", content: document.content, version: document.version });
  await app.channels.addChannelToGroup(channel, group);
  const user = ws.user.name;
  for await (const data of ws.messages(z.discriminatedUnion("type", [Edit, Cursor]), { skipInvalid: true })) {
    if (data.type === "cursor") {
      app.channels.groupSend(group, { type: "cursor", position: data.position, user, timestamp: now() }, { exclude: channel });
      continue;
    }
    // The tutorial says "apply edit" and applies none: late joiners get the old text, and two edits on one version both go out.
    const refusal = applyEdit(document, data.changes, data.version);
    if (refusal !== undefined) {
      await ws.sendJson({ type: "rejected", code: refusal, content: document.content, version: document.version });
      continue;
    }
    const { version } = document;
    app.channels.groupSend(group, { type: "edit", user, changes: data.changes, version, timestamp: now() }, { exclude: channel });
    await ws.sendJson({ type: "ack", version });
  }
});

// --- What the tutorial leaves out ---------------------------------------------------------------------------------------

const Login = z.object({ name: z.string().trim().min(1).max(64) });
const NewNotification = z.object({ userId: z.string().min(1).max(64), text: z.string().max(1_000) });

app.post("/login", async (c) => {
  const { name } = await readJson(c, Login);
  return c.json({ token: await app.tokens.issue({ sub: name, name }, { expiresInSeconds: 3_600 }) });
});

app.post("/notifications", auth(["jwt"]), async (c) => {
  const { userId, text } = await readJson(c, NewNotification);
  const notification: Notification = { notificationId: crypto.randomUUID(), userId, text, timestamp: now() };
  keepUnread(notification);
  await app.events.emit("notification.created", notification);
  return c.json({ notificationId: notification.notificationId }, 201);
});

/** All of this is in memory and bounded; a restart forgets it. */
const limits = { users: 10_000, unreadPerUser: 100, documents: 10_000, characters: 100_000 };

const unreadByUser = new Map<string, Map<string, Notification>>();

function unread(userId: string): readonly Notification[] {
  return [...(unreadByUser.get(userId)?.values() ?? [])];
}

function keepUnread(notification: Notification): void {
  const kept = getOrMake(unreadByUser, notification.userId, () => new Map<string, Notification>(), limits.users);
  kept.set(notification.notificationId, notification);
  dropOldestPast(kept, limits.unreadPerUser);
}

function markNotificationRead(userId: string, notificationId: string): void {
  const kept = unreadByUser.get(userId);
  kept?.delete(notificationId);
  if (kept?.size === 0) unreadByUser.delete(userId);
}

function toMessage({ notificationId, text, timestamp }: Notification): object {
  return { type: "notification", data: { notificationId, text, timestamp } };
}

function getCurrentMetrics(): object {
  return { connections: app.connectionCount, memoryBytes: process.memoryUsage.rss(), uptimeSeconds: Math.round(process.uptime()) };
}

interface Document {
  content: string;
  version: number;
}

const documents = new Map<string, Document>();

function getDocument(documentId: string): Document {
  // A document that somebody edits is never the one that has to go.
  const isIdle = (id: string): boolean => app.channels.members(`doc_${id}`).length === 0;
  return getOrMake(documents, documentId, () => ({ content: "", version: 1 }), limits.documents, isIdle);
}

/** Applies changes whose positions are those of the text of `version`. Returns why not, if not; then nothing has changed. */
function applyEdit(
  document: Document,
  changes: readonly z.infer<typeof Change>[],
  version: number,
): "STALE_VERSION" | "INVALID_CHANGES" | "TOO_LONG" | undefined {
  if (version !== document.version) return "STALE_VERSION";
  let content = "";
  let end = 0;
  for (const { from, to, insert } of changes.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from < end || to < from || to > document.content.length) return "INVALID_CHANGES";
    content += document.content.slice(end, from) + insert;
    end = to;
  }
  content += document.content.slice(end);
  if (content.length > limits.characters) return "TOO_LONG";
  document.content = content;
  document.version++;
  return undefined;
}

function getOrMake<Value>(map: Map<string, Value>, key: string, make: () => Value, limit: number, mayGo: (key: string) => boolean = () => true): Value {
  const value = map.get(key) ?? make();
  // Moved to the end, so that the first is the one used longest ago.
  map.delete(key);
  map.set(key, value);
  dropOldestPast(map, limit, mayGo);
  return value;
}

function dropOldestPast(map: Map<string, unknown>, limit: number, mayGo: (key: string) => boolean = () => true): void {
  if (map.size <= limit) return;
  const oldest = map.keys().find(mayGo);
  if (oldest !== undefined) map.delete(oldest);
}

function now(): string {
  return new Date().toISOString();
}

if (process.argv.includes("--help")) {
  console.log("npm run tutorial: the tutorial's app. Settings: PORT (3000), HOST (127.0.0.1), NEXIOS_DATA (.data, the folder of the secret), NEXIOS_SECRET.");
  process.exit(0);
}

logReports();
try {
  const { url } = await app.run({ port: Number(process.env["PORT"] || 3_000), host: process.env["HOST"] || "127.0.0.1" });
  console.log(`The tutorial's app listens on ${url}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
