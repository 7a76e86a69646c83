import { NexiosError, readJson, Router } from "nexios";
import * as z from "zod";
import type { ActivityRequest } from "./activity-state.ts";
import type { ActivityStore } from "./activity-store.ts";

const batch = { requests: 500, bytes: 65_536 };
const aheadMs = 60_000;

/** Longer ones are kept by their beginnings. */
const longest = { visitor: 128, method: 32, path: 2_048 };

const Batch = z.object({
  requests: z
    .array(
      z.object({
        at: z.int(),
        visitor: z.string().min(1),
        method: z.string().min(1),
        path: z.string().min(1),
        status: z.int().min(100).max(999),
      }),
    )
    .max(batch.requests),
});

/** What the routes work on. */
export interface ActivityServices {
  readonly store: ActivityStore;
  readonly now: () => number;
  /** Requests that are older are not taken. */
  readonly keepMs: number;
  /** Sees each request that was kept. */
  readonly onRequest: (request: ActivityRequest) => void;
}

/** `POST /activity` takes batches, `GET /activity/summary` answers what is known. */
export function createActivityRoutes({ store, now, keepMs, onRequest }: ActivityServices): Router {
  return new Router()
    .post("/activity", async (c) => {
      const body = await c.req.arrayBuffer();
      if (body.byteLength > batch.bytes) {
        throw new NexiosError("INVALID_MESSAGE", `A batch has at most ${batch.bytes} bytes and ${batch.requests} requests`, { status: 413 });
      }
      const { requests } = await readJson(c, Batch);
      const time = now();
      const isKept = ({ at }: ActivityRequest): boolean => at <= time + aheadMs && at > time - keepMs;
      const kept = requests.filter(isKept).map(shorten);
      store.add(kept);
      for (const request of kept) onRequest(request);
      const rejected = requests.flatMap((request, index) => (isKept(request) ? [] : [{ index, code: "OUT_OF_TIME" }]));
      return c.json({ accepted: kept.length, rejected });
    })
    .get("/activity/summary", (c) => c.json(store.summary()));
}

function shorten({ at, visitor, method, path, status }: ActivityRequest): ActivityRequest {
  return { at, visitor: visitor.slice(0, longest.visitor), method: method.slice(0, longest.method), path: path.slice(0, longest.path), status };
}
