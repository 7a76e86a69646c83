import { check, type Checked, type Schema, type Unchecked } from "./check.ts";
import { isAccepted } from "./decision.ts";
import { toAnswered, toDecided } from "./decided.ts";
import type { EntryBytes, HostedRoom, RoomStates } from "./hosted-room.ts";
import { type Misfit, OutputChecks } from "./output-checks.ts";
import { parseRoomName } from "./path.ts";
import type { RequestFacts } from "./room-contract.ts";
import type { Grant } from "./serve-options.ts";
import type { ServedRoom } from "./served-room.ts";

/** Gives a host the room that `serve` described. `onMisfit`: what does not fit the room's own schemas is told, and given all the same; without it, it is thrown. */
export function hostRoom({ contract, inner, reveal, options }: ServedRoom, { onMisfit }: { readonly onMisfit?: (misfit: Misfit) => void } = {}): HostedRoom {
  const outputs = new OutputChecks(options, onMisfit);
  const idempotent = new Set(options.idempotent);
  const hasSecret = reveal !== undefined;
  return {
    contract,
    hasSecret,
    changesInPlace: contract.changesInPlace || inner.changesInPlace,
    keepsAll: options.keepsAll === true,
    keepsFrom(states) {
      const first = options.keepsFrom?.(states.secret) ?? 1;
      if (!Number.isSafeInteger(first) || first < 1) throw new TypeError(`keepsFrom gives a count from 1, not ${String(first)} (room "${contract.path}")`);
      return first;
    },
    resumeEntries: options.resumeEntries ?? Infinity,
    leastVersion: options.leastVersion ?? 1,
    parseName: (name) => parseRoomName(contract, name),
    authorize: async (user, params) => toGrant(await options.authorize(user, params)),
    kindOf: (name) => (contract.calls.has(name) ? "call" : contract.questions.has(name) ? "question" : undefined),
    checkInput(name, input) {
      const facts = factsOf(contract.calls.get(name) ?? contract.questions.get(name), name);
      return facts.hasInput
        ? checkOwn(options.input, name, input)
        : input === undefined
          ? { kind: "fits", value: undefined }
          : misfit(`"${name}" takes no input`);
    },
    checkSignal: (name, payload) => checkOwn(options.signals, name, payload),
    checkPresence: (presence) => checkOwn({ presence: options.presence }, "presence", presence),
    isIdempotent: (name) => idempotent.has(name),
    needsPrepare: (name) => own(options.prepare, name) !== undefined,
    prepare: (name, input, context) => own(options.prepare, name)?.(input, context),
    decideCall(name, states, input, context) {
      const facts = factsOf(contract.calls.get(name), name);
      const decision = own(options.decide, name)?.(states.secret, input, context);
      const decided = toDecided(decision, `decide.${name}`, facts);
      outputs.result(name, decision);
      return decided;
    },
    answerQuestion(name, states, input, context) {
      const facts = factsOf(contract.questions.get(name), name);
      const answer = own(options.questions, name)?.(states.secret, input, context);
      const answered = toAnswered(answer, `questions.${name}`, facts);
      outputs.answer(name, answer);
      return answered;
    },
    initial: () => join(inner.initial(), hasSecret ? contract.initial() : undefined),
    append(states, entries) {
      const rows: EntryBytes[] = [];
      let after = states;
      for (const entry of entries) {
        const bytes = inner.encodeEntry(entry);
        const written = inner.decodeEntry(bytes);
        const secret = inner.evolve(after.secret, written);
        const shown = reveal === undefined ? written : reveal(written, secret);
        if (shown !== undefined) outputs.entry(shown);
        const revealed = reveal === undefined ? bytes : revealedBytes(shown);
        after = join(secret, hasSecret ? evolvePublic(after.public, revealed, contract.version) : undefined);
        rows.push({ version: contract.version, entry: bytes, revealed });
      }
      return { states: after, rows };
    },
    fold(states, { version, entry, revealed }) {
      const secret = inner.evolve(states.secret, inner.decodeEntry(entry, version));
      return join(secret, hasSecret ? evolvePublic(states.public, revealed, version) : undefined);
    },
    encodeStates(states) {
      const bytes = contract.encodeState(states.public);
      return { version: contract.version, secret: hasSecret ? inner.encodeState(states.secret) : bytes, public: bytes };
    },
    decodeStates: (bytes) => join(inner.decodeState(bytes.secret, bytes.version), hasSecret ? contract.decodeState(bytes.public, bytes.version) : undefined),
    wakeAt(states) {
      const at = options.wakeAt?.(states.secret);
      if (at === undefined || (typeof at === "number" && Number.isSafeInteger(at))) return at;
      throw new TypeError(`wakeAt must give whole milliseconds since 1970 or undefined, not ${typeof at === "number" ? at : typeof at}`);
    },
    callsSince(states, now) {
      const since = options.callsSince?.(states.secret, { now });
      if (since === undefined || (typeof since === "number" && Number.isSafeInteger(since))) return since;
      throw new TypeError(`callsSince must give whole milliseconds since 1970, not ${typeof since === "number" ? since : typeof since}`);
    },
    wake(states, context) {
      const decision = options.wake?.(states.secret, context);
      if (!isAccepted(decision)) throw new TypeError("wake must return accept(...)");
      if (decision.result !== undefined) throw new TypeError("wake must accept without a result: nobody would get it");
      return decision.entries;
    },
  };

  // Where nothing is secret both names mean one state, also for one that is changed in place.
  function join(secret: unknown, shown: unknown): RoomStates {
    return { secret, public: hasSecret ? shown : secret };
  }

  function revealedBytes(revealed: unknown): Uint8Array | undefined {
    return revealed === undefined ? undefined : contract.encodeEntry(revealed);
  }

  function evolvePublic(state: unknown, revealed: Uint8Array | undefined, version: number): unknown {
    return revealed === undefined ? state : contract.evolve(state, contract.decodeEntry(revealed, version));
  }
}

function factsOf(facts: RequestFacts | undefined, name: string): RequestFacts {
  if (facts === undefined) throw new TypeError(`The contract has nothing called "${name}" of this kind`);
  return facts;
}

// A name comes from a peer: `constructor` must not find what every object has.
function own<T>(functions: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return functions !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined;
}

function checkOwn(
  checks: Readonly<Record<string, Schema<unknown> | Unchecked | undefined>> | undefined,
  name: string,
  value: unknown,
): Checked | Promise<Checked> {
  const schema = own(checks, name);
  return schema === undefined ? misfit(`The room has no "${name}"`) : check(schema, value);
}

function misfit(message: string): Checked {
  return { kind: "misfits", path: "", issues: [{ message }] };
}

/** Denies by default: only `true` or a grant of the right form is a yes, not whatever is truthy. */
function toGrant(answer: unknown): Grant | undefined {
  if (answer === true) return {};
  if (typeof answer !== "object" || answer === null || !Object.keys(answer).every((key) => key === "from")) return undefined;
  const { from } = answer as Grant;
  if (from === undefined) return Array.isArray(answer) ? undefined : {};
  if (Number.isSafeInteger(from.count) && from.count >= 0) return { from };
  throw new TypeError("authorize must give a place as from: { count }, an integer from 0");
}
