import { accept, refuse } from "../../contract/decision.ts";
import { defineRoom } from "../../contract/define-room.ts";
import { type } from "../../contract/type.ts";
import type { RoomKind } from "./kind.ts";

interface Line {
  readonly from: string;
  readonly text: string;
}

const shownLines = 12;
const heavyText = "All work and no play makes a dull chat. ".repeat(100);

const chat = defineRoom("chat/{id}", {
  log: "volatile",
  entry: type<Line>(),
  state: type<readonly Line[]>(),
  presence: type<{ mood: number }>(),
  calls: { say: { input: type<{ text: string }>(), refusals: { TWICE: type<undefined>() } } },
  signals: { wave: type<{ to: number }>() },
}).fold([], (lines, line) => [...lines, line].slice(-shownLines));

const served = chat.serve({
  authorize: () => true,
  input: { say: { unchecked: true } },
  presence: { unchecked: true },
  signals: { wave: { unchecked: true } },
  decide: {
    say(lines, { text }, { user }) {
      const last = lines.at(-1);
      return last?.text === text && last.from === user.id ? refuse("TWICE") : accept({ from: user.id, text });
    },
  },
});

/** A volatile chat with people and signals. */
export const chatKind: RoomKind = {
  name: "chat",
  room: "chat/1",
  served: [served],
  call: (random, heavy) => ({ name: "say", input: { text: heavy ? heavyText.slice(random.integer(40)) : `line ${random.integer(20)}` } }),
  signal: (random) => ({ name: "wave", payload: { to: random.integer(8) } }),
  presence: (random) => ({ mood: random.integer(1_000_000) }),
};
