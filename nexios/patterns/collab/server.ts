export { addDocuments, Documents, type EditableText, type ServerEditOptions, type ServerEditOutcome } from "./documents.ts";
export { type DocumentOptions, serveDocuments } from "./serve-documents.ts";
