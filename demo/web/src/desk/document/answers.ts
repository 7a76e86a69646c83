import type { DocumentRoom } from "nexios/collab";
import type { Answer } from "nexios/contract";

type Answered<Question extends "history" | "authorsAt" | "compare"> = Extract<Answer<DocumentRoom, Question>, { readonly kind: "answered" }>["value"];

/** Some work of one person without a long pause. */
export type HistoryGroup = Answered<"history">[number];
/** Some text of one hand. */
export type AuthoredRun = Answered<"authorsAt">[number];
/** Some text, and what became of it between two moments. */
export type ComparedRun = Answered<"compare">[number];
