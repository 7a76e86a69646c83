import fc from "fast-check";
import { expect, test } from "vitest";
import { EventHeap, type TimedEvent } from "./event-heap.ts";

test("the earliest is always first, and the older of two of one moment, whatever was pushed, taken, cancelled and swept before", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("push" as const), at: fc.integer({ min: 0, max: 8 }) }) },
    { weight: 2, arbitrary: fc.constant({ kind: "take" as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), index: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.constant({ kind: "sweep" as const }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const heap = new EventHeap();
      let model: TimedEvent[] = [];
      const seen: (TimedEvent | number | undefined)[] = [];
      const expected: typeof seen = [];

      for (const [order, each] of steps.entries()) {
        if (each.kind === "push") {
          const event = { at: each.at, order, fire: () => undefined };
          heap.push(event);
          model = [...model, event].toSorted((a, b) => a.at - b.at || a.order - b.order);
        } else if (each.kind === "take") {
          heap.shift();
          model.shift();
        } else if (each.kind === "cancel") {
          const event = model[each.index];
          if (event !== undefined) event.fire = undefined;
        } else {
          heap.sweep();
          model = model.filter(({ fire }) => fire !== undefined);
        }
        seen.push(heap.first, heap.size);
        expected.push(model[0], model.length);
      }

      expect(seen).toEqual(expected);
    }),
  );
});
