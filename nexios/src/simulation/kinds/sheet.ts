import { accept, refuse } from "../../contract/decision.ts";
import { defineRoom } from "../../contract/define-room.ts";
import { type } from "../../contract/type.ts";
import type { RoomKind } from "./kind.ts";

interface Insert {
  readonly at: number;
  readonly bytes: Uint8Array;
}
interface Sheet {
  bytes: Uint8Array;
}

const mostBytes = 6_000;
const heavyBytes = 400;
/** An insert that begins with it can't be folded. */
const unfoldable = 255;

/** The call that makes it, and always fails. */
export const unfoldableCall = "spoil";
/** With which it fails. */
export const unfoldableMessage = "This insert can't be folded";

const sheet = defineRoom("sheet/{id}", {
  log: "durable",
  entry: type<Insert>(),
  state: type<Sheet>(),
  calls: {
    insert: { input: type<{ at: number; bytes: readonly number[] }>(), refusals: { OUTSIDE: type<{ length: number }>(), FULL: type<undefined>() } },
    [unfoldableCall]: {},
  },
  codec: {
    entry: { encode: encodeInsert, decode: decodeInsert },
    state: { encode: ({ bytes }) => bytes.slice(), decode: (bytes) => ({ bytes: bytes.slice() }) },
  },
}).fold(() => ({ bytes: new Uint8Array() }), evolve);

function encodeInsert({ at, bytes }: Insert): Uint8Array {
  const encoded = new Uint8Array(4 + bytes.length);
  new DataView(encoded.buffer).setUint32(0, at);
  encoded.set(bytes, 4);
  return encoded;
}

function decodeInsert(bytes: Uint8Array): Insert {
  return { at: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes: bytes.subarray(4) };
}

/** Changes the state in place, and leaves it half changed when it throws. */
function evolve(state: Sheet, { at, bytes }: Insert): Sheet {
  const next = new Uint8Array(state.bytes.length + bytes.length);
  next.set(state.bytes.subarray(0, at));
  next.set(bytes, at);
  next.set(state.bytes.subarray(at), at + bytes.length);
  state.bytes = next;
  if (bytes[0] === unfoldable) throw new Error(unfoldableMessage);
  return state;
}

const served = sheet.serve({
  authorize: () => true,
  input: { insert: { unchecked: true } },
  decide: {
    insert({ bytes: { length } }, { at, bytes }) {
      if (at > length) return refuse("OUTSIDE", { length });
      return length + bytes.length > mostBytes ? refuse("FULL") : accept({ at, bytes: Uint8Array.from(bytes) });
    },
    [unfoldableCall]: () => accept({ at: 0, bytes: Uint8Array.of(unfoldable) }),
  },
});

/** A document: bytes in place of JSON, and a state that is changed in place. */
export const sheetKind: RoomKind = {
  name: "sheet",
  room: "sheet/1",
  served: [served],
  call(random, heavy) {
    if (random.chance(0.05)) return { name: unfoldableCall, input: undefined };
    const first = random.integer(unfoldable);
    const bytes = Array.from({ length: heavy ? heavyBytes : random.between(1, 12) }, (_, index) => (first + index) % unfoldable);
    return { name: "insert", input: { at: random.chance(0.5) ? 0 : random.integer(60), bytes } };
  },
};
