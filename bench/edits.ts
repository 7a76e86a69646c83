// A document's edits: what they cost a server that stores them before they are acknowledged, beside Hocuspocus, which acknowledges first; and how long people wait.
import { loadavg } from "node:os";
import { join as joinPath } from "node:path";
import { parseArgs } from "node:util";

import { recordsFolder } from "../test/services.ts";
import { measureBesideBadInput } from "./edits-bad-input.ts";
import { measureCost } from "./edits-cost.ts";
import { type EditsServer, type Lost, measureLost } from "./edits-kill.ts";
import { measureLock } from "./edits-lock.ts";
import { measureTextAt } from "./edits-text-at.ts";
import { atMost } from "./goal.ts";
import { joinHocuspocus } from "./load/hocuspocus-edit-peer.ts";
import { joinNexios } from "./load/nexios-edit-peer.ts";
import { machine, rounded, say, versionsOf } from "./measure.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "cost,kill,textAt,lock,besideBadInput" },
    record: { type: "string", default: joinPath(recordsFolder, "trace-automerge-paper.json.gz") },
    readers: { type: "string", default: "10,50" },
    edits: { type: "string", default: "20000" },
    // Long enough for the compilers of both: what a server costs that has run for a while.
    "warm-up": { type: "string", default: "20000" },
    rounds: { type: "string", default: "3" },
    kills: { type: "string", default: "5" },
    moments: { type: "string", default: "100" },
    locks: { type: "string", default: "30" },
    "delay-ms": { type: "string", default: "40" },
    runs: { type: "string", default: "5" },
    strokes: { type: "string", default: "100" },
    "under-way": { type: "string", default: "1" },
  },
});
const servers = {
  nexios: { script: "nexios-edits", join: joinNexios },
  hocuspocus: { script: "hocuspocus-edits", join: joinHocuspocus },
} satisfies Readonly<Record<string, EditsServer>>;
const versions = versionsOf(["nexios", "@hocuspocus/server", "yjs"]);
const { record } = values;
const faults: string[] = [];
const onFault = (fault: string): void => void faults.push(fault);

/** Each gives its fields of the last line. */
const parts: Readonly<Record<string, () => Promise<Record<string, unknown>>>> = {
  cost: () =>
    measureCost({
      servers,
      record,
      readers: values.readers.split(","),
      edits: values.edits,
      warmUp: values["warm-up"],
      rounds: Number(values.rounds),
      onFault,
    }),
  kill: async () => {
    const lost: Record<string, Lost> = {};
    for (const [name, server] of Object.entries(servers)) {
      lost[name] = await measureLost(server, Number(values.kills));
      say(`${name}: ${JSON.stringify(lost[name])}`);
    }
    const own = lost["nexios"]?.lost ?? NaN;
    if (own !== 0) onFault(`${own} acknowledged edits are lost`);
    return { acknowledgedLost: { ...atMost(0, own), ...lost } };
  },
  textAt: async () => ({ textAt: await measureTextAt(record, Number(values.moments), onFault) }),
  lock: async () => ({
    lock: {
      ...(await measureLock(Number(values.locks), 0, onFault)),
      // Where something is always on its way when the right goes.
      [`${values["delay-ms"]}MsEachWay`]: await measureLock(Number(values.locks), Number(values["delay-ms"]), onFault),
    },
  }),
  besideBadInput: async () => ({
    besideBadInput: await measureBesideBadInput({
      runs: Number(values.runs),
      editsPerRun: Number(values.strokes),
      underWay: Number(values["under-way"]),
      onFault,
    }),
  }),
};

say(`edits: ${record}; ${machine()}; ${JSON.stringify(versions)}`);
const result: Record<string, unknown> = {};
const load: Record<string, number> = {};
const chosen = values.only.split(",").map((name) => {
  const measure = parts[name];
  if (measure === undefined) throw new TypeError(`--only takes ${Object.keys(parts).join(", ")}, not ${name}`);
  return [name, measure] as const;
});
for (const [name, measure] of chosen) {
  // Of a machine that others use too, figures are worth less.
  load[name] = rounded(loadavg()[0] ?? NaN);
  Object.assign(result, await measure());
}
console.log(JSON.stringify({ ...result, faults: faults.length, versions, machine: machine(), loadBefore: load }));
for (const fault of faults) say(`FAULT: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
