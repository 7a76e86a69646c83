import type { LogKind } from "../contract/shape.ts";
import { NexiosError } from "../protocol/failure.ts";
import { failed, type Settled } from "./settled.ts";

/** A call's outcome as its caller gets it. @throws NexiosError for what is none */
export function toOutcome(settled: Settled, log: LogKind): unknown {
  if (settled.kind !== "accepted") return toRefusal(settled);
  const { kind, value: result, position } = settled;
  return { kind, result, position, kept: log === "durable" ? "stored" : "memory" };
}

/** A question's answer as its asker gets it. @throws NexiosError for what is none */
export function toAnswer(settled: Settled): unknown {
  return settled.kind === "answered" ? { kind: settled.kind, value: settled.value } : toRefusal(settled);
}

function toRefusal(settled: Settled): unknown {
  if (settled.kind === "refused") return { kind: settled.kind, code: settled.code, data: settled.value };
  const { code, message, path } = settled.kind === "failed" ? settled : failed("INTERNAL");
  throw new NexiosError(code, message, path === undefined ? {} : { path });
}
