import type { StoredEvent } from "./event.ts";
import type { ActivityLimits } from "./limits.ts";
import { startOf } from "./time.ts";

/** A number of a step of time: how many events of this label there were. */
export interface Count {
  readonly at: number;
  /** `type`, `path`, `session`, or `properties.` and a property's name. */
  readonly metric: string;
  readonly label: string;
  readonly count: number;
}

/** What is counted under no label of its own. */
export const otherLabel = "(other)";
/** Sessions that have begun have no label. */
export const noLabel = "";

/** Which properties are counted, and by how many characters a name is told. */
export interface LabelRules extends Pick<ActivityLimits, "labelCharacters"> {
  readonly properties: readonly string[];
}

/** What events are counted by: their type, their page, and these properties. */
export function labelsOf(event: StoredEvent, { properties, labelCharacters }: LabelRules): readonly (readonly [metric: string, label: string])[] {
  const labels: [string, string][] = [["type", event.type]];
  if (event.path !== undefined) labels.push(["path", event.path]);
  for (const name of properties) {
    const value = event.properties?.[name];
    if (value !== undefined && value !== null) labels.push([`properties.${name}`, String(value)]);
  }
  return labels.map(([metric, label]) => [metric, label.slice(0, labelCharacters).toWellFormed()] as const);
}

/** Counts by step, metric and label. */
export class Tally {
  readonly #counts = new Map<string, { readonly at: number; readonly metric: string; readonly label: string; count: number }>();
  readonly #stepMs: number;

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  add(time: number, metric: string, label: string, count = 1): void {
    const at = startOf(time, this.#stepMs);
    const key = `${at} ${metric}\0${label}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { at, metric, label, count });
    else known.count += count;
  }

  /** Those that are not 0. */
  get counts(): readonly Count[] {
    return [...this.#counts.values()].filter(({ count }) => count !== 0);
  }
}

/** Puts what has no place of its own under `(other)`. */
export function withOthers(counts: readonly Count[], hasPlace: (count: Count) => boolean): readonly Count[] {
  const kept = counts.filter(hasPlace);
  const others = new Map<string, Count>();
  for (const each of counts) {
    if (hasPlace(each)) continue;
    const key = `${each.at} ${each.metric}`;
    others.set(key, { ...each, label: otherLabel, count: each.count + (others.get(key)?.count ?? 0) });
  }
  const known = kept.map((each) => {
    const other = each.label === otherLabel ? others.get(`${each.at} ${each.metric}`) : undefined;
    if (other !== undefined) others.delete(`${each.at} ${each.metric}`);
    return other === undefined ? each : { ...each, count: each.count + other.count };
  });
  return [...known, ...others.values()];
}
