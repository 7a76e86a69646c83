export { DocumentSession, type RefusedEdit, type SessionOptions } from "./session.ts";
