import type { DocumentSession } from "nexios/collab/client";
import type { AuthoredRun } from "nexios/collab";
import { useAsked } from "./use-asked.ts";

/** Who wrote what, as far as it is known. */
export interface Authors {
  readonly runs: readonly AuthoredRun[] | undefined;
  readonly isPending: boolean;
  readonly problem: string | undefined;
}

const pauseMs = 400;

/** Who wrote the text as it is now, while that is wanted: asked anew when somebody has written and paused. */
export function useAuthors(session: DocumentSession | undefined, isWanted: boolean): Authors | undefined {
  const state = session?.room.confirmedState;
  const isLive = session?.room.status.kind === "live";
  const isReady = isWanted && session !== undefined && state !== undefined;
  const asked = useAsked(
    // A question that nobody could answer is asked again when there is a connection.
    isReady ? { key: `${state.count} ${isLive}`, ask: (signal) => session.room.ask("authorsAt", { count: state.count }, { signal }) } : undefined,
    pauseMs,
  );
  if (!isWanted) return undefined;
  return { runs: asked.value, isPending: asked.isPending, problem: isLive ? asked.problem : "UNAVAILABLE" };
}
