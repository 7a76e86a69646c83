import { channel } from "node:diagnostics_channel";
import { auth, type NexiosApp, NexiosError, readJson, systemClock, type TokenUser, type User } from "nexios";
import { parseRoomName } from "nexios/contract";
import { inboxRoom, type NewNotification } from "./contract.ts";
import { ProducerRate, type ProducerRates } from "./producer-rate.ts";
import { type IntakeItem, toItems } from "./intake-body.ts";

/** How other services create notifications. */
export interface IntakeOptions {
  /** `/notifications` unless given. */
  readonly path?: string;
  /** The methods by which a service proves who it is; `["jwt"]` unless given. */
  readonly auth?: readonly string[];
  /** In whose name it may speak: of the token's claim `notify`, a list, unless given. */
  readonly producersOf?: (user: User) => readonly string[];
  /** Whether there is such a user; any is taken unless given. */
  readonly isUser?: (userId: string) => boolean | Promise<boolean>;
  /** How much each producer may create. 100 a second, 1,000 at once, unless given. */
  readonly rate?: ProducerRates;
  /** The app's, where it has one of its own. */
  readonly clock?: Pick<typeof systemClock, "monotonic">;
}

/** What came of one, in the form of the answer and of each result of a batch. */
interface IntakeAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const reports = channel("nexios:error");

/**
 * Adds `POST /notifications` for other services: `{ userId, notification, idempotencyKey }`, or up to a hundred of them as `{ notifications: [...] }`. 201 for a new one, 200 for
 * one whose key is known.
 */
export function addIntake(app: NexiosApp, options: IntakeOptions = {}): void {
  const { path = "/notifications", auth: methods = ["jwt"], producersOf = producersByClaim, rate, clock = systemClock } = options;
  const rates = new ProducerRate(rate ?? { perSecond: 100, burst: 1_000 }, () => clock.monotonic());
  const guard = auth(methods, { allow: (user) => producersOf(user).length > 0 });
  app.post(path, guard, async (c) => {
    const body = await readJson(c, { "~standard": { version: 1, vendor: "nexios", validate: (value: unknown) => ({ value }) } });
    const { items, isBatch } = toItems(body, c.req.header("idempotency-key"));
    const producers = producersOf(c.var.user);
    const answers = await Promise.all(items.map((item) => answerOne(app, item, { producers, rates, options })));
    const [only] = answers;
    return isBatch || only === undefined ? c.json({ results: answers.map(({ status, body: result }) => ({ status, ...result })) }) : toResponse(only);
  });
}

async function answerOne(
  app: NexiosApp,
  item: IntakeItem,
  { producers, rates, options }: { readonly producers: readonly string[]; readonly rates: ProducerRate; readonly options: IntakeOptions },
): Promise<IntakeAnswer> {
  try {
    return await create(app, item, { producers, rates, options });
  } catch (error) {
    if (!(error instanceof NexiosError)) throw error;
    const { code, message, status, retryAfterMs } = error;
    return { status, body: { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
  }
}

async function create(
  app: NexiosApp,
  item: IntakeItem,
  { producers, rates, options: { isUser } }: { readonly producers: readonly string[]; readonly rates: ProducerRate; readonly options: IntakeOptions },
): Promise<IntakeAnswer> {
  if (item.kind === "fault") throw new NexiosError("INVALID_MESSAGE", item.fault, { status: 400 });
  const { userId, notification, idempotencyKey } = item;
  const producer = item.producer ?? (producers.length === 1 ? producers[0] : undefined);
  if (producer === undefined) throw new NexiosError("INVALID_MESSAGE", "Say in whose name: your token is for several producers", { status: 400 });
  if (!producers.includes(producer)) throw new NexiosError("FORBIDDEN", "Your token is not for this producer", { status: 403 });
  const retryAfterMs = rates.take(producer);
  if (retryAfterMs > 0) throw new NexiosError("TOO_MANY", "Too many at once: send it again after a while", { status: 429, retryAfterMs });
  if (!(await isThere(userId, isUser))) return refusal("UNKNOWN_USER", "There is no such user");
  const room = app.room(inboxRoom, { userId });
  // What fits no notification is told by the room.
  const outcome = await room.call("create", { ...(notification as unknown as NewNotification), producer, idempotencyKey });
  if (outcome.kind === "refused") return refusal(outcome.code, "The inbox does not take it", outcome.data);
  const { id, isNew, isOther = false } = outcome.result;
  if (isOther) return { status: 409, body: { code: "KEY_REUSED", message: "This key was used for another notification", id } };
  return { status: isNew ? 201 : 200, body: { id, isNew } };
}

/** What is not known of one holds up none of the others: it is to be sent again. */
async function isThere(userId: string, isUser: IntakeOptions["isUser"]): Promise<boolean> {
  if (parseRoomName(inboxRoom, `inbox/${userId}`) === undefined) return false;
  try {
    return (await isUser?.(userId)) !== false;
  } catch (error) {
    reports.publish({ where: "isUser of addIntake", error });
    throw new NexiosError("UNAVAILABLE", "It can't be said now whether there is such a user: send it again after a while", { status: 503, cause: error });
  }
}

function refusal(code: string, message: string, data?: unknown): IntakeAnswer {
  return { status: 422, body: { code, message, ...(data !== undefined && { data }) } };
}

function toResponse({ status, body }: IntakeAnswer): Response {
  const { retryAfterMs } = body;
  const headers = new Headers({ "content-type": "application/json" });
  if (typeof retryAfterMs === "number") headers.set("retry-after", String(Math.ceil(retryAfterMs / 1_000)));
  return new Response(JSON.stringify(body), { status, headers });
}

function producersByClaim(user: User): readonly string[] {
  const notify: unknown = "claims" in user ? (user as TokenUser).claims["notify"] : undefined;
  return Array.isArray(notify) ? notify.filter((each) => typeof each === "string") : [];
}
