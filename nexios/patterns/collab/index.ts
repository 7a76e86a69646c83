export type { AuthoredRun, ComparedRun } from "./attribution.ts";
export { type Cursor, documentRoom, type DocumentPresence, type DocumentRoom } from "./contract.ts";
export { type TextDocument, textOf } from "./engine.ts";
export { type Access, type DocumentEntry, encodeEdit, type Writer } from "./entry.ts";
export type { HistoryGroup } from "./history.ts";
export { defaultDocumentLimits, type DocumentLimits, type GateFault, type LimitWarning } from "./gate.ts";
export { type DocumentState, writerOf } from "./state.ts";
