import { setImmediate } from "node:timers/promises";
import { keptOutcomeBytes } from "../log/kept-bytes.ts";
import { outcomeCheck } from "../log/rows/columns.ts";
import { addOutcome } from "../log/rows/outcome-totals.ts";
import type { Reader } from "./reader.ts";
import type { OutcomeTotals, RoomRow } from "../log/rows/room-row.ts";
import { damaged } from "../log/rows/row-check.ts";

/** Rooms that are remembered as looked at: of more the first is looked at again. */
const rememberedRooms = 100_000;
/** Outcomes of one turn of the event loop. */
const pageRows = 256;

/** Looks at all outcomes of a room once, before the first call is decided there: one that damage has hidden would be a call that was never made. */
export class OutcomeAudit {
  readonly #reader: Reader;
  readonly #passed = new Set<number>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  passed({ id }: RoomRow): boolean {
    return this.#passed.has(id);
  }

  /** While it runs nobody may write to the room. @throws NexiosError DAMAGED when an outcome is missing or is not what was written. */
  async run(room: RoomRow): Promise<void> {
    let totals: OutcomeTotals = { count: 0, bytes: 0, checks: 0 };
    let page = this.#reader.outcomesAfter(room, undefined, pageRows);
    for (; page.length > 0; page = this.#reader.outcomesAfter(room, page.at(-1)?.key, pageRows)) {
      for (const outcome of page) totals = addOutcome(totals, keptOutcomeBytes(outcome), outcomeCheck(room.id, outcome));
      if (page.length < pageRows) break;
      await setImmediate();
    }
    const { count, bytes, checks } = room.outcomes;
    if (totals.count !== count || totals.bytes !== bytes || totals.checks !== checks) throw damaged(`What ${room.name} remembers of its calls`);
    for (const first of this.#passed) {
      if (this.#passed.size < rememberedRooms) break;
      this.#passed.delete(first);
    }
    this.#passed.add(room.id);
  }
}
