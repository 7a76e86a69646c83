import type { TextDocument } from "./engine.ts";
import type { KeptEdit } from "./offline.ts";
import type { RefusedEdit } from "./refused-edit.ts";

/** What a session hears of. */
export interface SessionEvents {
  onChange(): void;
  /** It goes on with another document. */
  onDocument(document: TextDocument): void;
  /** The server knows this page by another client id. */
  onOpened(): void;
  /** `kept`: as it is kept on this machine, until somebody has taken it. */
  onRefused(refused: RefusedEdit, kept?: KeptEdit): void;
}
