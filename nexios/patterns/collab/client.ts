export { DocumentCursors, type DocumentPerson } from "./cursors.ts";
export { indexedDbEdits } from "./offline-indexed-db.ts";
export { type EditStorage, type KeptEdit, MemoryEditStorage } from "./offline.ts";
export { DocumentSession } from "./session.ts";
export type { DocumentClient, DocumentStatus, RefusedEdit, SessionOptions } from "./session-types.ts";
export { SessionUndo } from "./undo.ts";
export { bindTextarea, type TextArea } from "./textarea.ts";
