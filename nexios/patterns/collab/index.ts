export { type Cursor, documentRoom, type DocumentPresence, type DocumentRoom } from "./contract.ts";
export { type TextDocument, textOf } from "./engine.ts";
export { type Access, type DocumentEntry, encodeEdit } from "./entry.ts";
export { defaultDocumentLimits, type DocumentLimits, type GateFault } from "./gate.ts";
export { type DocumentState, type Writer, writerOf } from "./state.ts";
