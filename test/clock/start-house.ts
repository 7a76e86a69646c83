import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Program, startProgram } from "../child-process.ts";
import type { LotEntry } from "./lot-app.ts";

/** A process that serves lots, and what it says. */
export interface House {
  readonly program: Program;
  open(lot: string, forMs: number): Promise<unknown>;
  /** The kind of the outcome, or its code. */
  bid(lot: string, by: string): Promise<string>;
  entries(lot: string): Promise<readonly LotEntry[]>;
  /** What its wall clock shows. */
  clock(): Promise<number>;
  health(): Promise<unknown>;
}

const folder = import.meta.dirname;

/** Starts a process whose wall clock is so much ahead, with lots in a log of this kind. `env` names the store. */
export async function startHouse(log: "volatile" | "durable", env: Readonly<Record<string, string>>, shiftMs: number): Promise<House> {
  const shift = pathToFileURL(join(folder, "shift-clock.ts"));
  shift.searchParams.set("ms", `${shiftMs}`);
  const args = ["--conditions=source", "--import", shift.href, join(folder, "lot-app.ts"), log];
  const program = startProgram(process.execPath, args, { NEXIOS_SECRET: "x".repeat(32), ...env });
  const [, port] = await program.line(/^port (\d+)$/);
  const fetchJson = async (path: string, method = "GET"): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}${path}`, { method })).json();
  return {
    program,
    open: (lot, forMs) => fetchJson(`/open/${lot}/${forMs}`, "POST"),
    async bid(lot, by) {
      const { kind, code } = (await fetchJson(`/bid/${lot}/${by}`, "POST")) as { readonly kind: string; readonly code?: string };
      return code ?? kind;
    },
    entries: async (lot) => (await fetchJson(`/entries/${lot}`)) as readonly LotEntry[],
    clock: async () => Number(await fetchJson("/clock")),
    health: () => fetchJson("/health/ready"),
  };
}
