export { addDocuments, Documents, type EditableText, type ServerEditOptions } from "./documents.ts";
export { type DocumentOptions, serveDocuments } from "./serve-documents.ts";
