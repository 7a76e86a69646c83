import { NexiosError } from "nexios/client";
import { useEffect, useRef, useState } from "react";

/** What a question gave. */
type Told<Value> = { readonly kind: "answered"; readonly value: Value } | { readonly kind: "refused"; readonly code: string };

interface Question<Value> {
  /** What it is about: it is asked anew when that is another. */
  readonly key: string;
  readonly ask: (signal: AbortSignal) => Promise<Told<Value>>;
}

/** A question, and what is known so far. */
export interface Asked<Value> {
  /** The last answer: until the next is there it stays. */
  readonly value: Value | undefined;
  /** What that answer is about. */
  readonly key: string | undefined;
  readonly isPending: boolean;
  /** Why the newest question has no answer. */
  readonly problem: string | undefined;
}

interface Known<Value> {
  readonly key: string | undefined;
  readonly value: Value | undefined;
  readonly problem: { readonly key: string; readonly code: string } | undefined;
}

/** Asks when the question has stayed the same for a moment; the newest wins. `undefined`: nothing is asked, and nothing is known. */
export function useAsked<Value>(question: Question<Value> | undefined, delayMs: number): Asked<Value> {
  const [known, setKnown] = useState<Known<Value>>({ key: undefined, value: undefined, problem: undefined });
  const key = question?.key;
  const newest = useRef(question);
  useEffect(() => void (newest.current = question));
  useEffect(() => {
    if (key === undefined) return;
    const end = new AbortController();
    const timer = setTimeout(() => void askNow(key), delayMs);
    return () => {
      clearTimeout(timer);
      end.abort();
    };

    async function askNow(asked: string): Promise<void> {
      const told = await newest.current
        ?.ask(end.signal)
        .catch((cause: unknown) => ({ kind: "failed" as const, code: cause instanceof NexiosError ? cause.code : "INTERNAL" }));
      if (end.signal.aborted || told === undefined) return;
      if (told.kind === "answered") setKnown({ key: asked, value: told.value, problem: undefined });
      else setKnown((before) => ({ ...before, problem: { key: asked, code: told.code } }));
    }
  }, [key, delayMs]);
  const problem = known.problem?.key === key ? known.problem?.code : undefined;
  return {
    value: key === undefined ? undefined : known.value,
    key: known.key,
    isPending: key !== undefined && known.key !== key && problem === undefined,
    problem,
  };
}
