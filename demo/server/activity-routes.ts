import { NexiosError, readJson, Router } from "nexios";
import * as z from "zod";
import type { ActivityRequest } from "./activity-state.ts";
import { type ActivityStore, retention } from "./activity-store.ts";

const batch = { requests: 500, bytes: 65_536 };
const aheadMs = 60_000;

const Batch = z.object({
  requests: z
    .array(
      z.object({
        at: z.int(),
        visitor: z.string().min(1).max(128),
        method: z.string().regex(/^[A-Z]{1,16}$/),
        path: z.string().min(1).max(2_048),
        status: z.int().min(100).max(599),
      }),
    )
    .max(batch.requests),
});

/** What the routes work on. */
export interface ActivityServices {
  readonly store: ActivityStore;
  readonly now: () => number;
  /** Sees each request that was kept. */
  readonly onRequest: (request: ActivityRequest) => void;
}

/** `POST /activity` takes batches, `GET /activity/summary` answers what is known. */
export function createActivityRoutes({ store, now, onRequest }: ActivityServices): Router {
  return new Router()
    .post("/activity", async (c) => {
      const body = await c.req.arrayBuffer();
      if (body.byteLength > batch.bytes) {
        throw new NexiosError("INVALID_MESSAGE", `A batch has at most ${batch.bytes} bytes and ${batch.requests} requests`, { status: 413 });
      }
      const { requests } = await readJson(c, Batch);
      const time = now();
      const isKept = ({ at }: ActivityRequest): boolean => at <= time + aheadMs && at > time - retention.ageMs;
      const kept = requests.filter(isKept);
      store.add(kept);
      for (const request of kept) onRequest(request);
      const rejected = requests.flatMap((request, index) => (isKept(request) ? [] : [{ index, code: "OUT_OF_TIME" }]));
      return c.json({ accepted: kept.length, rejected });
    })
    .get("/activity/summary", (c) => c.json(store.summary()));
}
