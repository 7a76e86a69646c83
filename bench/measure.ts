import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that such a part of all, from 0 to 1, does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(part * values.length) - 1)] ?? NaN;
}

/** Rounded to so many significant digits, as a figure that varies by some percent deserves. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}

export function ratio(value: number, base: number): number {
  return rounded(value / base);
}

export function toMb(bytes: number): number {
  return rounded(bytes / 2 ** 20, 4);
}

/** Standard error is for people; standard output has the result alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function versionsOf(names: readonly string[]): Record<string, string> {
  const versions: Record<string, string> = { node: process.version };
  for (const name of names) {
    const file = new URL(name === "nexios" ? "../nexios/package.json" : `../node_modules/${name}/package.json`, import.meta.url);
    versions[name] = (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  }
  return versions;
}

export function machine(): string {
  return `${availableParallelism()} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}`;
}
