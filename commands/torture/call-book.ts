import type { Findings } from "./findings.ts";
import type { HistoryRecord } from "./history.ts";
import type { RoomPast } from "./room-past.ts";
import type { Condition } from "./torture-room.ts";

type Of<Kind extends HistoryRecord["kind"]> = Extract<HistoryRecord, { readonly kind: Kind }>;
type Told = Of<"accepted"> | Of<"refused"> | Of<"failed"> | Of<"unknown">;

/** One call, over all of its copies. */
interface CallLine {
  readonly who: string;
  readonly past: RoomPast;
  when: Condition | undefined;
  accepted: Of<"accepted"> | undefined;
  refused: Of<"refused"> | undefined;
  failed: Of<"failed"> | undefined;
  unknown: Of<"unknown"> | undefined;
}

/** What calls came to, in numbers. */
export interface CallCounts {
  readonly calls: number;
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
  readonly unknown: number;
  /** The codes of those that failed, or of which nobody could tell. */
  readonly failures: Readonly<Record<string, number>>;
}

/** All calls of a run: what was sent, and what its sender was told of it. */
export class CallBook {
  readonly #findings: Findings;
  readonly #calls = new Map<string, CallLine>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  sent(who: string, past: RoomPast, { callId, when }: Of<"sent">): void {
    this.#line(who, past, callId).when = when;
  }

  told(who: string, past: RoomPast, record: Told): void {
    const call = this.#line(who, past, record.callId);
    if (record.kind === "accepted") this.#accepted(call, record);
    if (record.kind === "refused") this.#refused(call, record);
    if (record.kind === "failed") call.failed ??= record;
    if (record.kind === "unknown") call.unknown ??= record;
  }

  /** Compares all of them with the file. */
  close(pasts: Iterable<RoomPast>): CallCounts {
    for (const [callId, call] of this.#calls) this.#judge(callId, call);
    for (const past of pasts) {
      for (const callId of past.callIds()) {
        if (this.#calls.get(callId)?.when === undefined) this.#findings.add("strangers", `${past.name} ${past.placesOf(callId).join(", ")}: call ${callId}`);
      }
    }
    return this.#count();
  }

  #count(): CallCounts {
    const counts = { calls: this.#calls.size, accepted: 0, refused: 0, failed: 0, unknown: 0 };
    const failures = new Map<string, number>();
    for (const { accepted, refused, failed, unknown } of this.#calls.values()) {
      const kind = accepted?.kind ?? refused?.kind ?? failed?.kind ?? "unknown";
      counts[kind]++;
      const code = kind === "failed" || kind === "unknown" ? (failed ?? unknown)?.code : undefined;
      if (code !== undefined) failures.set(code, (failures.get(code) ?? 0) + 1);
    }
    return { ...counts, failures: Object.fromEntries(failures) };
  }

  #line(who: string, past: RoomPast, callId: string): CallLine {
    const known = this.#calls.get(callId);
    if (known !== undefined) return known;
    const made: CallLine = { who, past, when: undefined, accepted: undefined, refused: undefined, failed: undefined, unknown: undefined };
    this.#calls.set(callId, made);
    return made;
  }

  #accepted(call: CallLine, record: Of<"accepted">): void {
    const before = call.accepted;
    const { stoodAt = record.count } = record;
    if (stoodAt < record.count)
      this.#findings.add("early", `${call.who} stood at ${stoodAt} when it was told that call ${record.callId} is at ${record.count}`);
    call.accepted ??= record;
    const isOther = before !== undefined && (before.count !== record.count || JSON.stringify(before.value) !== JSON.stringify(record.value));
    if (isOther) this.#findings.add("contradicted", `${call.who} was told of call ${record.callId} that it is at ${before.count}, and at ${record.count}`);
    if (before === undefined && call.refused !== undefined) this.#contradict(call, record.callId);
  }

  #refused(call: CallLine, record: Of<"refused">): void {
    const isFirst = call.refused === undefined;
    call.refused ??= record;
    if (isFirst && call.accepted !== undefined) this.#contradict(call, record.callId);
    const expected: Partial<Record<Condition, string>> = { never: "NEVER", even: "ODD" };
    if (call.when !== undefined && expected[call.when] !== record.code) {
      this.#findings.add("misruled", `${call.who} was refused call ${record.callId} (${call.when}) with ${record.code}`);
    }
  }

  #contradict(call: CallLine, callId: string): void {
    this.#findings.add("contradicted", `${call.who} was told of call ${callId} that it was accepted, and refused`);
  }

  #judge(callId: string, call: CallLine): void {
    const { who, past, accepted, refused, failed, unknown } = call;
    const [place, ...more] = past.placesOf(callId);
    const entry = place === undefined ? undefined : past.entryAt(place);
    const isTold = (accepted ?? refused ?? failed ?? unknown) !== undefined;
    if (!isTold) this.#findings.add("unsettled", `${who}, call ${callId} in ${past.name}`);
    if (accepted !== undefined && place === undefined)
      this.#findings.add("acknowledgedLost", `${who} was told that call ${callId} is at ${accepted.count} of ${past.name}`);
    // One that is there twice has its own finding.
    const isElsewhere =
      place !== undefined && more.length === 0 && (accepted?.count !== place || JSON.stringify(accepted.value) !== JSON.stringify(entry?.value));
    if (accepted !== undefined && isElsewhere)
      this.#findings.add("contradicted", `${who} was told that call ${callId} is at ${accepted.count} of ${past.name}, and it is at ${place}`);
    const no = refused ?? (accepted === undefined ? failed : undefined);
    if (no !== undefined && place !== undefined)
      this.#findings.add("refusedStored", `${who} was told ${no.code} of call ${callId}, and it is at ${place} of ${past.name}`);
  }
}
