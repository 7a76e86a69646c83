import { accept, refuse, type RoomUser, type Schema, type ServedRoom } from "nexios/contract";
import { documentRoom, type DocumentPresence, type DocumentRoom } from "./contract.ts";
import { type Access, decodeEdit, type DocumentEntry } from "./entry.ts";
import { defaultDocumentLimits, type DocumentLimits, judgeUpdate } from "./gate.ts";
import { type DocumentState, writerOf } from "./state.ts";

/** What an application decides of its documents. */
export interface DocumentOptions {
  /** What somebody may do; `undefined` for nothing at all. It is asked at each join and before each edit. */
  readonly accessOf: (user: RoomUser, id: string) => Access | undefined | Promise<Access | undefined>;
  readonly limits?: Partial<DocumentLimits>;
}

const serverId = "nexios";

/** The server's half of documents: `app.add(serveDocuments({ accessOf }))`. */
export function serveDocuments({ accessOf, limits = {} }: DocumentOptions): ServedRoom<DocumentRoom, DocumentEntry, DocumentState> {
  const all = { ...defaultDocumentLimits, ...limits };
  const toAccess = async (_input: unknown, { user, params }: { readonly user: RoomUser; readonly params: { readonly id: string } }): Promise<Access> =>
    user.id === serverId ? "write" : ((await accessOf(user, params.id)) ?? "read");
  return documentRoom.serve({
    authorize: async (user, { id }) => (await accessOf(user, id)) !== undefined,
    // Its past is its history: who wrote what, and when.
    keepsAll: true,
    // What is there already changes nothing.
    idempotent: ["edit"],
    input: {
      edit: bytesInput,
      // Only the server itself may call it.
      allow: { unchecked: true },
    },
    presence: { unchecked: true } as never as Schema<DocumentPresence>,
    prepare: { open: toAccess, edit: toAccess },
    decide: {
      open({ clients }, _input, { user: { id, name }, prepared: access }) {
        const client = clients.length + 1;
        return accept({ kind: "opened", client, userId: id, name }, { client, access });
      },
      edit(state, input, { user, prepared: access }) {
        if (access !== "write") return refuse("READ_ONLY");
        const edit = decodeEdit(input);
        const isOwn = (client: number): boolean => writerOf(state, client)?.userId === user.id;
        if (edit === undefined) return refuse("REFUSED", { fault: "MALFORMED" });
        if (!isOwn(edit.client)) return refuse("REFUSED", { fault: "FOREIGN_CLIENT" });
        const verdict = judgeUpdate(edit.update, { document: state.document, isOwn, limits: all });
        switch (verdict.kind) {
          case "known":
            return accept([]);
          case "fault":
            return refuse("REFUSED", { fault: verdict.fault });
          case "limit":
            return refuse("TOO_LARGE", { limit: verdict.limit, most: verdict.most, found: verdict.found });
          case "changes":
            return accept({ kind: "edited", ...edit });
        }
      },
      allow: (_state, { userId, access }, { user }) => (user.id === serverId ? accept({ kind: "access", userId, access }) : refuse("FORBIDDEN")),
    },
  });
}

const bytesInput: Schema<Uint8Array> = {
  "~standard": {
    version: 1,
    vendor: "nexios",
    validate: (value) => (value instanceof Uint8Array ? { value } : { issues: [{ message: "It must be bytes" }] }),
  },
};
