import { accept, refuse, type Refused, type RoomUser, type Schema, type ServedRoom } from "nexios/contract";
import { authorsAt, compareMoments } from "./attribution.ts";
import { type DocumentPresence, type KeptMoments, documentRoom, type DocumentRoom } from "./contract.ts";
import { carryOver } from "./carry.ts";
import { decideCarry, decideCreate, decideEdit } from "./decide-edit.ts";
import { type Access, decodeEdit, type DocumentEntry } from "./entry.ts";
import { type FoldRules, foldWhenGrown } from "./fold.ts";
import { defaultDocumentLimits, type DocumentLimits } from "./gate.ts";
import { groupEdits, type HistoryQuestion } from "./history.ts";
import { bytesInput, cursorInput, fieldsInput } from "./input.ts";
import type { DocumentPast } from "./past.ts";
import { decideRestore, prepareRestore } from "./restore.ts";
import { forgetAll, nextRetention, retain, type RetentionRules } from "./retention.ts";
import { type DocumentState, nextClientOf } from "./state.ts";

/** What an application decides of its documents. */
export interface DocumentOptions extends Partial<FoldRules & RetentionRules> {
  /** What somebody may do; `undefined` for nothing at all. It is asked at each join and before each edit. */
  readonly accessOf: (user: RoomUser, id: string) => Access | undefined | Promise<Access | undefined>;
  readonly limits?: Partial<DocumentLimits>;
  /** Gives a document's past, for questions about it; without it they are answered NO_HISTORY. */
  readonly past?: (id: string) => DocumentPast;
}

interface Context {
  readonly user: RoomUser;
  readonly params: { readonly id: string };
}

/** What was found in the past: a value, or why not. */
type Found<Value> = { readonly value: Value } | KeptMoments | undefined;

const serverId = "nexios";
const mostVersions = 1_000;
const shownGroups = 500;
const defaultFoldPieces = 1_000;

/** The server's half of documents. `addDocuments` gives it a past too. */
export function serveDocuments({
  accessOf,
  limits = {},
  foldPieces = defaultFoldPieces,
  keepMs = Infinity,
  past,
}: DocumentOptions): ServedRoom<DocumentRoom, DocumentEntry, DocumentState> {
  const all = { ...defaultDocumentLimits, ...limits };
  // At once where the application knows it at once: each edit is asked about.
  const toAccess = (_input: unknown, { user, params }: Context): Access | Promise<Access> => {
    const access = user.id === serverId ? "write" : accessOf(user, params.id);
    return typeof access === "object" ? Promise.resolve(access).then((known) => known ?? "read") : (access ?? "read");
  };
  /** Looks something up that lies at or before all of these moments. */
  const look = async <Value>({ params }: Context, counts: readonly number[], use: (of: DocumentPast) => Promise<Value>): Promise<Found<Value>> => {
    if (past === undefined) return undefined;
    const of = past(params.id);
    for (;;) {
      await of.catchUp();
      const { oldest, count: newest } = of;
      if (!counts.every((count) => of.hasMoment(count))) return { oldest, newest };
      try {
        return { value: await use(of) };
      } catch (error) {
        // What is forgotten while it is read is found to be so.
        await of.catchUp();
        if (of.oldest === oldest) throw error;
      }
    }
  };

  return documentRoom.serve({
    authorize: async (user, { id }) => (await accessOf(user, id)) !== undefined,
    // Its past is its history: who wrote what, and when.
    keepsAll: true,
    keepsFrom: ({ oldest }) => Math.max(1, oldest),
    wakeAt: (state) => nextRetention(state, { keepMs }),
    wake: (state, { now }) => accept([...retain(state, { keepMs }, now)]),
    // What is there already changes nothing.
    idempotent: ["edit"],
    presence: cursorInput as Schema<DocumentPresence>,
    input: {
      open: fieldsInput<{ isAlone: boolean }>({ isAlone: "boolean" }),
      edit: bytesInput,
      carry: bytesInput,
      name: fieldsInput<{ name: string; count?: number }>({ name: "string" }, { count: "number" }),
      unname: fieldsInput<{ name: string; count: number }>({ name: "string", count: "number" }),
      restore: fieldsInput<{ count: number }>({ count: "number" }),
      // Only the server itself may call these.
      create: { unchecked: true },
      allow: { unchecked: true },
      history: fieldsInput<HistoryQuestion>({}, { limit: "number", before: "number" }),
      textAt: fieldsInput<{ count: number }>({ count: "number" }),
      authorsAt: fieldsInput<{ count: number }>({ count: "number" }),
      compare: fieldsInput<{ from: number; to: number }>({ from: "number", to: "number" }),
    },
    prepare: {
      open: toAccess,
      edit: toAccess,
      carry: async (input, context) => {
        const edit = decodeEdit(input);
        const found = edit && (await look(context, [], (of) => carryOver(of, edit, context.user.id, all)));
        return { access: await toAccess(input, context), found };
      },
      name: toAccess,
      unname: toAccess,
      restore: async (input, context) => ({
        access: await toAccess(input, context),
        found: await look(context, [input.count], (of) => prepareRestore(of, input.count)),
      }),
      history: ({ limit = shownGroups, before = Infinity }, context) =>
        look(context, [], async (of) => groupEdits(of, { limit: Math.max(1, Math.min(limit, shownGroups)), before })),
      textAt: ({ count }, context) => look(context, [count], (of) => of.textAt(count)),
      authorsAt: ({ count }, context) => look(context, [count], (of) => authorsAt(of, count)),
      compare: ({ from, to }, context) => look(context, [from, to], (of) => compareMoments(of, Math.min(from, to), Math.max(from, to))),
    },
    decide: {
      open(state, { isAlone }, { user: { id, name }, receivedAt: now, prepared: access }) {
        const folded = foldWhenGrown(state, { foldPieces }, { isAlone, access, now });
        const client = nextClientOf(state) + (folded?.writers.length ?? 0);
        return accept([...(folded === undefined ? [] : [folded]), { kind: "opened", client, userId: id, name, ...(state.count === 0 && { at: now }) }], {
          client,
          access,
          limits: all,
        });
      },
      edit: (state, input, { user, prepared: access }) => (access === "write" ? decideEdit(state, input, user.id, all) : refuse("READ_ONLY")),
      carry: (state, _input, { user, prepared: { access, found } }) => {
        if (access !== "write") return refuse("READ_ONLY");
        return found !== undefined && "value" in found ? decideCarry(state, found.value, user, all) : refuse("REFUSED", { fault: "FORGOTTEN" });
      },
      name({ count: newest, oldest, versions }, { name, count = newest }, { user, receivedAt, prepared: access }) {
        if (access !== "write") return refuse("READ_ONLY");
        if (!Number.isSafeInteger(count) || count < oldest || count > newest) return refuse("NO_SUCH_MOMENT", { oldest, newest });
        if (versions.length >= mostVersions) return refuse("TOO_MANY_VERSIONS", { limit: mostVersions });
        return accept({ kind: "named", version: { name: name.slice(0, 200), count, userId: user.id, at: receivedAt } });
      },
      unname: ({ versions }, { name, count }, { prepared: access }) => {
        if (access !== "write") return refuse("READ_ONLY");
        return accept(versions.some((version) => version.name === name && version.count === count) ? [{ kind: "unnamed", name, count }] : []);
      },
      restore(state, _input, { user, prepared: { access, found } }) {
        if (access !== "write") return refuse("READ_ONLY");
        if (found === undefined) return refuse("NO_HISTORY");
        if ("newest" in found) return refuse("NO_SUCH_MOMENT", found);
        return decideRestore(state, found.value, user, all);
      },
      create: (state, input, { user, receivedAt }) => (user.id === serverId ? decideCreate(state, input, all, receivedAt) : refuse("FORBIDDEN")),
      allow: (_state, { userId, access }, { user }) => (user.id === serverId ? accept({ kind: "access", userId, access }) : refuse("FORBIDDEN")),
      forget: (state, _input, { user, receivedAt }) => (user.id === serverId ? accept([...forgetAll(state, receivedAt)]) : refuse("FORBIDDEN")),
    },
    questions: {
      history: (_state, _input, { prepared }) => tell(prepared),
      textAt: (_state, _input, { prepared }) => tell(prepared),
      authorsAt: (_state, _input, { prepared }) => tell(prepared),
      compare: (_state, _input, { prepared }) => tell(prepared),
    },
  });
}

function tell<Value>(found: Found<Value>): Value | Refused<{ readonly NO_HISTORY: undefined; readonly NO_SUCH_MOMENT: KeptMoments }> {
  if (found === undefined) return refuse("NO_HISTORY");
  return "value" in found ? found.value : refuse("NO_SUCH_MOMENT", found);
}
