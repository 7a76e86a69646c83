// A dashboard of 40 series, of which 24 change each second, with a window from before.
import { inspect } from "node:util";
import type { Socket } from "node:net";

import { type Authenticate, NexiosApp } from "nexios";
import { addDashboards } from "nexios/dashboard/server";
import { defaultPaces } from "nexios/dashboard";

import { BusyShop } from "../../nexios/patterns/dashboard/busy-shop.fixture.ts";
import { Sampler } from "../../nexios/patterns/dashboard/sampler.ts";
import { WindowKeeper } from "../../nexios/patterns/dashboard/window-keeper.ts";
import { WindowStore } from "../../nexios/patterns/dashboard/window-store.ts";
import { jsonEncoding } from "../../nexios/src/protocol/json-encoding.ts";
import type { ServerFrame } from "../../nexios/src/protocol/frame.ts";
import { createRandom } from "../../nexios/src/simulation/random.ts";
import { announce } from "./announce.ts";
import { answerQuestions } from "./answer-questions.ts";
import { liftedLimits } from "./lifted-limits.ts";
import { liftedRoomLimits } from "./room-app.ts";

interface Memory {
  readonly held: number;
  readonly waiting: number;
}

const pastSeconds = 300;
const sampleEveryMs = 100;
/** Whoever connects is who he says. */
const believe: Authenticate = ({ token }) => (token === undefined ? undefined : { user: { id: token, name: token } });
const limits = { ...liftedLimits, connections: Infinity };
const app = new NexiosApp({ auth: { jwt: believe }, limits, rooms: { limits: liftedRoomLimits } });
const shop = new BusyShop(createRandom(1));

/** How often an entry became a frame, by the room's number in its process. */
const encodings = new Map<number, number>();
const plain = { ...jsonEncoding };
Object.assign(jsonEncoding, {
  encode(frame: ServerFrame) {
    if (frame.kind === "entry") encodings.set(frame.room, (encodings.get(frame.room) ?? 0) + 1);
    return plain.encode(frame);
  },
});

app.onStart(fillWindows);
addDashboards(app, { views: { shop: { authorize: () => true } }, read: () => shop.metrics.read() });
setInterval(() => shop.passSecond(), 1_000);

/** As an app that has run for five minutes has them. */
async function fillWindows(): Promise<void> {
  const store = new WindowStore(app.store);
  const sampler = new Sampler(defaultPaces);
  const keepers = await Promise.all(defaultPaces.map(async (pace) => new WindowKeeper(pace, await store.load(pace))));
  const now = Date.now();
  for (let ago = pastSeconds; ago > 0; ago--) {
    shop.passSecond();
    for (const { pace, sample } of sampler.step(now - ago * 1_000, () => ({ reading: shop.metrics.read(), hasNewcomers: false })))
      keepers.find((keeper) => keeper.pace === pace)?.add(sample);
  }
  await store.keep(keepers.flatMap(({ pace, whole }) => (whole === undefined ? [] : [{ pace, block: whole }])));
}

/** What is held by the process for connections whose kernel takes no more. */
function waitingBytes(): number {
  const sockets = (process as unknown as { _getActiveHandles(): readonly Partial<Socket>[] })._getActiveHandles();
  return sockets.reduce((sum, { writableLength = 0, remoteAddress }) => sum + (remoteAddress === undefined ? 0 : writableLength), 0);
}

function memory(): Memory {
  const { heapUsed, external } = process.memoryUsage();
  return { held: heapUsed + external, waiting: waitingBytes() };
}

function collected(): Memory {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  return memory();
}

let base: Memory = { held: 0, waiting: 0 };
let mostWaiting = 0;
let mark: { readonly encodings: ReadonlyMap<number, number>; readonly samples: number } = { encodings: new Map(), samples: 0 };

setInterval(() => (mostWaiting = Math.max(mostWaiting, waitingBytes())), sampleEveryMs);

function samples(): number {
  const family = app.metrics.read().families.find(({ name }) => name === "nexios_dashboard_samples");
  return Number(family?.series[0]?.value ?? 0);
}

answerQuestions({
  /** From here on all is counted. */
  mark: () => {
    base = collected();
    mostWaiting = 0;
    mark = { encodings: new Map(encodings), samples: samples() };
    return true;
  },
  /** Since the mark. */
  counts: () => ({
    samples: samples() - mark.samples,
    encodings: [...encodings].map(([room, count]) => count - (mark.encodings.get(room) ?? 0)).toSorted((a, b) => b - a),
  }),
  /** What is held after a collection beyond the mark, and the most that waited for sockets meanwhile. */
  growth: () => ({ held: collected().held - base.held, mostWaiting }),
});

const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
announce({ port, lifted: inspect({ ...limits, rooms: liftedRoomLimits }, { breakLength: Infinity }) });
