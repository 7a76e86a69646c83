import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedQueue } from "./sorted-queue.ts";

interface Item {
  readonly order: number;
  readonly name: number;
}

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("add" as const), order: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("shift" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("retain" as const), order: fc.integer({ min: 0, max: 9 }) }) },
);

test("a sorted queue gives its items as a list that is sorted at each step does", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const queue = new SortedQueue<Item>(({ order }) => order);
      let list: Item[] = [];

      for (const [name, each] of actions.entries()) {
        if (each.kind === "add") {
          queue.add({ order: each.order, name });
          list = [...list, { order: each.order, name }].toSorted((one, other) => one.order - other.order);
        } else if (each.kind === "shift") {
          queue.shift();
          list = list.slice(1);
        } else {
          queue.retain(({ order }) => order !== each.order);
          list = list.filter(({ order }) => order !== each.order);
        }

        expect([queue.first, queue.length]).toEqual([list[0], list.length]);
      }
    }),
  );
});
