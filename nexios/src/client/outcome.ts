import type { LogKind } from "../contract/shape.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Settled } from "./settled.ts";

/** What a call or a question came to, as its caller gets it. @param what Its name, and its room's. @throws NexiosError for what failed */
export function toOutcome(settled: Settled, log: LogKind, what: string): unknown {
  if (settled.kind === "failed") throw new NexiosError(settled.code, `${settled.message} (${what})`, { path: settled.path });
  const { kind, value } = settled;
  if (kind === "accepted") return { kind, result: value, position: settled.position, kept: log === "durable" ? "stored" : "memory" };
  return kind === "refused" ? { kind, code: settled.code, data: value } : { kind, value };
}
