import type { LogKind } from "../contract/shape.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Settled } from "./settled.ts";

/** What a call or a question came to, as its caller gets it. @throws NexiosError for what failed */
export function toOutcome(settled: Settled, log: LogKind): unknown {
  const { kind } = settled;
  switch (kind) {
    case "accepted":
      return { kind, result: settled.value, position: settled.position, kept: log === "durable" ? "stored" : "memory" };
    case "answered":
      return { kind, value: settled.value };
    case "refused":
      return { kind, code: settled.code, data: settled.value };
    case "failed":
      throw new NexiosError(settled.code, settled.message, { path: settled.path });
  }
}
