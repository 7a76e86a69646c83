import { expect, test } from "vitest";
import { accept } from "./decision.ts";
import { chatter, floor, lot, lots } from "./rooms.fixture.ts";

const authorize = () => true;
const unchecked = { unchecked: true } as const;
const decide = { say: () => accept([]) };
const input = { say: unchecked };
/** What JavaScript, or a cast, can hand in where the types do not reach. */
const wrong: [string, object, string][] = [
  ["nobody says who may be here", { input, decide }, "serve needs authorize"],
  ["an input has no schema", { authorize, decide }, "serve needs input.say"],
  ["a schema is none", { authorize, decide, input: { say: {} } }, "serve needs input.say"],
  ["unchecked is not true", { authorize, decide, input: { say: { unchecked: 1 } } }, "serve needs input.say"],
  ["an inherited member passes for a schema", { authorize, decide, input: Object.create({ say: unchecked }) }, "serve needs input.say"],
  ["a call is not decided", { authorize, input }, "serve needs decide.say"],
  ["a call is decided that does not exist", { authorize, input, decide: { ...decide, shout: decide.say } }, "The contract has nothing for decide.shout"],
  ["there is a schema for nothing", { authorize, decide, input: { ...input, shout: unchecked } }, "The contract has nothing for input.shout"],
  ["presence is checked that does not exist", { authorize, input, decide, presence: unchecked }, "The contract has nothing for presence"],
  ["a signal is checked that does not exist", { authorize, input, decide, signals: { wave: unchecked } }, "The contract has nothing for signals.wave"],
  ["a question is answered that does not exist", { authorize, input, decide, questions: { sum: () => 1 } }, "The contract has nothing for questions.sum"],
  ["something is prepared for nothing", { authorize, input, decide, prepare: { shout: () => 1 } }, "prepare.shout"],
  ["it wakes and nobody says when", { authorize, input, decide, wake: () => accept([]) }, "wakeAt and wake go together"],
  ["it gives nobody an entry", { authorize, input, decide, resumeEntries: 0 }, "resumeEntries"],
  ["it gives a part of an entry", { authorize, input, decide, resumeEntries: 1.5 }, "resumeEntries"],
  ["it keeps all and gives little", { authorize, input, decide, keepsAll: true, resumeEntries: 9 }, "resumeEntries"],
  ["its time comes and nothing happens", { authorize, input, decide, wakeAt: () => 1 }, "wakeAt and wake go together"],
];

test.each(wrong)("a room is refused if %s", (_why, options, message) => {
  expect(() => floor.serve(options as never)).toThrow(TypeError);
  expect(() => floor.serve(options as never)).toThrow(message);
});

test("presence, signals and questions of the contract must be served", () => {
  const half = { authorize, input: { bid: unchecked, open: unchecked }, decide: { bid: decide.say, open: decide.say, note: decide.say } };
  const whole = { ...half, presence: unchecked, signals: { wave: unchecked }, questions: { mine: () => ({ leading: true }) } };

  expect(() => lot.serve(whole as never)).not.toThrow();
  expect(() => lot.serve({ ...whole, presence: undefined } as never)).toThrow("serve needs presence");
  expect(() => lot.serve({ ...whole, signals: {} } as never)).toThrow("serve needs signals.wave");
  expect(() => lot.serve({ ...whole, questions: undefined } as never)).toThrow("serve needs questions.mine");
});

test("a served room is a value that holds its contract", () => {
  expect(chatter.contract).toBe(floor);
  expect(lots.contract).toBe(lot);
  expect(chatter.reveal).toBe(undefined);
});
