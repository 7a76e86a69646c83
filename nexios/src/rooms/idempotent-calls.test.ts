import { afterEach, expect, test } from "vitest";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import { type } from "../contract/type.ts";
import { House } from "./house.fixture.ts";

const shelf = defineRoom("shelf/{id}", {
  log: "volatile",
  entry: type<string>(),
  state: type<readonly string[]>(),
  calls: { put: { input: type<string>(), refusals: { CLOSED: type<undefined>() } }, open: {} },
}).fold([], (state, thing) => [...state, thing]);

const served = hostRoom(
  shelf.serve({
    authorize: () => true,
    idempotent: ["put"],
    input: { put: { unchecked: true } },
    decide: {
      put: (state, thing) => (!state.includes("open") ? refuse("CLOSED") : accept(state.includes(thing) ? [] : thing)),
      open: () => accept("open"),
    },
  }),
);

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

test("an idempotent call that comes again is decided again, whether it was refused or is under way", async () => {
  const ann = house.connect(await house.open({}, [served]), "ann");
  const room = await house.join(ann, "shelf/1");
  const callId = house.callId();
  const put = (id: number, isRepeat: boolean): unknown => ann.ask({ kind: "call", id, room, name: "put", input: "book", callId, isRepeat });

  put(11, false);
  await house.settle();
  ann.ask({ kind: "call", id: 12, room, name: "open", input: undefined, callId: house.callId(), isRepeat: false });
  await house.settle();
  put(11, true);
  put(11, true);
  await house.settle();

  expect(ann.of("refused").map(({ id, code }) => [id, code])).toEqual([[11, "CLOSED"]]);
  expect(ann.of("accepted").map(({ id }) => id)).toEqual([12, 11, 11]);
  expect(ann.of("entry").map(({ count }) => count)).toEqual([1, 2]);
});
