import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { reportKinds, type Reports } from "nexios";

/** All that the framework reported while this was in scope. */
export interface CollectedReports extends Disposable {
  of<Kind extends keyof Reports>(kind: Kind): readonly Reports[Kind][];
  /** What an operator would have to read: everything but that an app listens or has stopped. */
  readonly troubles: readonly unknown[];
}

export function collectReports(): CollectedReports {
  const collected: { kind: keyof Reports; fields: unknown }[] = [];
  const collectors = reportKinds.map((kind) => ({ name: `nexios:${kind}`, collect: (fields: unknown) => void collected.push({ kind, fields }) }));
  for (const { name, collect } of collectors) subscribe(name, collect);
  return {
    // What is published on the channel of a kind has its type.
    of: <Kind extends keyof Reports>(kind: Kind) => collected.filter((report) => report.kind === kind).map(({ fields }) => fields as Reports[Kind]),
    get troubles() {
      return collected.filter(({ kind }) => kind !== "listening" && kind !== "stopped").map(({ fields }) => fields);
    },
    [Symbol.dispose]() {
      for (const { name, collect } of collectors) unsubscribe(name, collect);
    },
  };
}
