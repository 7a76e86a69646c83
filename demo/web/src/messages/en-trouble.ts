/** What the trouble panel says. */
export const trouble = {
  title: "Trouble",
  lead: "Break something of your own, and look at how it is made good. A restart is for everybody, the rest is yours alone.",
  close: "Close",
  faults: { cut: "Line cut", slow: "Line slow" },
  actions: {
    cut: "Cut my line",
    cutFor: "How long it is cut",
    seconds: (seconds: string) => `for ${seconds} s`,
    cutNote: "then it comes back by itself",
    slow: "Slow my line",
    slowNote: "what comes in comes 1.5 s late, until you press again",
    lose: "Lose a message",
    loseNote: "the house says two lines, the first never arrives",
    restart: "Restart the server",
    restartNote: "kill -9 of its process; npm start brings it back",
    noRestart: "only where npm start watches over it",
  },
  none: "Nothing is broken. What you break stands here, with how it healed.",
  kinds: { cut: "Line cut", lose: "Message lost", restart: "Server restarted" },
  states: { open: "broken", healed: "healed", failed: "not made" },
  left: (seconds: string) => `Your line stays cut for ${seconds} s. Say something meanwhile: it waits.`,
  waits: {
    cut: "The line may hold again: the next try brings it back.",
    lose: "Waiting for the lines: the second one shows that the first is missing.",
    restart: "The process is gone. Waiting for the next one.",
  },
  failures: { unreachable: "The server did not answer.", refused: "The server did not want to: too often, or not here." },
  facts: {
    before: "You stood",
    line: (count: string) => `after line ${count}`,
    way: "Way back",
    ways: {
      resumed: (count: string) => `Resumed from line ${count}, no reload of the state`,
      new: "a whole new copy: there was none",
      gap: "a whole new copy: too much was missed",
      far: "a whole new copy: it was shorter than what was missed",
      epoch: "a whole new copy: the log has begun anew",
    },
    replayed: "Caught up",
    entries: (entries: number, ms: string) => (entries === 1 ? `1 line in ${ms} ms` : `${entries} lines in ${ms} ms`),
    took: "Healed after",
    seconds: (seconds: string) => `${seconds} s`,
    milliseconds: (ms: string) => `${ms} ms`,
    process: "Process",
    processes: (before: string, after: string) => `${before} is gone, ${after} is here`,
    missing: "Missing",
    comparing: "asking the server's log",
    compared: (held: number, missed: number) =>
      missed === 0
        ? "nothing (nobody spoke)"
        : held === missed
          ? `nothing: ${held} of ${missed}, compared with the server's log`
          : `${missed - held} of ${missed} are not here`,
  },
  spoken: {
    begun: (kind: string) => `${kind}.`,
    healed: (held: number, missed: number) =>
      held === missed ? `Healed. ${missed} lines were missed, none is missing.` : `Back. ${missed - held} lines are not here.`,
  },
} as const;
