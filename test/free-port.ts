export { findPort } from "../commands/services/find-port.ts";
