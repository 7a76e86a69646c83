import type { EditStorage, KeptEdit } from "./offline.ts";

/** One thing that each storage of edits must do. `open` gives another page's view of the same disk. */
export interface StorageCase {
  readonly title: string;
  readonly run: (open: () => EditStorage) => Promise<readonly [found: unknown, wanted: unknown]>;
}

function edit(n: number, document = "document/1", client = 1): KeptEdit {
  return { document, userId: "ann", epoch: "e", count: 3, client, n, update: new Uint8Array([n, 2, 3]) };
}

/** What every storage of edits does. It imports no test runner. */
export const storageCases: readonly StorageCase[] = [
  {
    title: "what was kept is there for another page, in the order in which it was made, with all that belongs to it",
    async run(open) {
      const [ann, later] = [open(), open()];
      await Promise.all([edit(0), edit(1), edit(2), edit(10)].map((each) => ann.keep(each)));
      await ann.keep(edit(0, "document/10"));
      return [await later.load("document/1"), [edit(0), edit(1), edit(2), edit(10)]];
    },
  },
  {
    title: "what is forgotten is gone, and nothing else",
    async run(open) {
      const storage = open();
      for (const n of [0, 1, 2]) await storage.keep(edit(n));
      await storage.forget([edit(0), edit(2), edit(7)]);
      return [await open().load("document/1"), [edit(1)]];
    },
  },
  {
    title: "one page at a time owns a name, and the next one when it lets go",
    async run(open) {
      const [ann, other] = [open(), open()];
      const first = await ann.own("a");
      const second = await other.own("a");
      const another = await other.own("b");
      first?.();
      // A lock is free a moment after it was let go.
      let third = await other.own("a");
      for (let turn = 0; turn < 100 && third === undefined; turn++) third = await other.own("a");
      const found = [first, second, another, third].map((each) => each !== undefined);
      another?.();
      third?.();
      return [found, [true, false, true, true]];
    },
  },
];
