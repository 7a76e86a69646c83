import type { Plan, Step } from "./step.ts";

/** What is longer only hides the rest. */
const longestValue = 60;

/** A plan as lines that a person reads: what happened, when, to whom. */
export function toHistoryText({ processes, devices, steps }: Plan): string {
  const lines = steps.map((step) => `${String(step.at).padStart(7)} ms  ${toLine(step, devices)}`);
  return [`${processes} processes; devices ${devices.map(nameOf).join(", ")}`, ...lines].join("\n");
}

function toLine(step: Step, devices: readonly string[]): string {
  const { at: _at, kind, ...facts } = step;
  const who = "device" in facts ? `${nameOf(devices[facts.device] ?? "", facts.device)}: ` : "process" in facts ? `process ${facts.process}: ` : "";
  const rest = Object.entries(facts).filter(([key]) => key !== "device" && key !== "process");
  return `${who}${kind}${rest.map(([key, value]) => ` ${toFact(key, value)}`).join("")}`;
}

function toFact(key: string, value: unknown): string {
  if (key === "room" || key === "name") return String(value);
  const text = JSON.stringify(value) ?? "nothing";
  return `${key}=${text.length > longestValue ? `${text.slice(0, longestValue)}... (${text.length} characters)` : text}`;
}

function nameOf(user: string, number: number): string {
  return `${user}#${number}`;
}
