import type { CallStorage } from "nexios/client";

/** Of a storage that all tabs of a browser share, what belongs to one person: each tab is somebody else, and sends nobody else's calls. */
export function ownCalls(storage: CallStorage, userId: () => string | undefined, now: () => number): CallStorage {
  return {
    async load(room) {
      const calls = await storage.load(room);
      // Those of people who never came back are nobody's any more.
      for (const { callId, deadlineAt } of calls) if (deadlineAt <= now()) storage.forget(callId);
      return calls.filter((call) => call.deadlineAt > now() && call.userId === userId());
    },
    // Before the server has said who this is, the tab knows it.
    keep: (call) => storage.keep({ ...call, userId: userId() }),
    forget: (callId) => storage.forget(callId),
  };
}
