import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";

/** What changes outside of React, and says so: a client, or a room. */
export interface Subject {
  onChange(listener: () => void): () => void;
}

/** A part of a subject, and what to make of it. */
export interface Selection<Of extends Subject, Part, Value> {
  /** The same value until it has changed; `undefined` is not selected from. A new function begins anew. */
  readonly read: (subject: Of) => Part | undefined;
  /** For a part that is changed in place: another value after each change. False: this one is not. */
  readonly at?: (subject: Of) => unknown;
  /** In place of the part where there is no subject, while a server renders, and when a browser takes over a server's page. */
  readonly none?: Part;
  /** May be a new function in each render, and make a new value each time that it runs. */
  readonly select: (part: Part) => Value;
  readonly isEqual: (a: Value, b: Value) => boolean;
}

/** In an object of its own: what was selected may be the same one as before, changed in place. */
interface Selected<Value> {
  readonly value: Value | undefined;
}

/** Something of a subject: renders when it changes. `undefined` without a subject, and while a server renders. @param read Gives the same value until it has changed. */
export function useSubject<Of extends Subject, Value>(subject: Of | undefined, read: (subject: Of) => Value): Value | undefined {
  return useSyncExternalStore(useSubscribe(subject), () => (subject === undefined ? undefined : read(subject)), giveNothing);
}

/** What is selected of a subject: renders when that is no longer equal. */
export function useSelection<Of extends Subject, Part, Value>(subject: Of | undefined, selection: Selection<Of, Part, Value>): Value | undefined {
  const { read, at, none, select, isEqual } = selection;
  const shown = useRef<Selected<Value>>(undefined);
  const [now, atFirst] = useMemo(() => {
    // Kept in here and not in a ref: a render that React throws away leaves nothing behind.
    let seen: readonly unknown[];
    let last: Selected<Value> | undefined;
    const selectFrom = (part: Part | undefined, place: unknown): Selected<Value> => {
      if (last !== undefined && seen[0] === part && seen[1] === place) return last;
      seen = [part, place];
      const value = part === undefined ? undefined : select(part);
      const before = last ?? shown.current;
      last = before !== undefined && isSame(before.value, value, place) ? before : { value };
      return last;
    };
    const isSame = (a: Value | undefined, b: Value | undefined, place: unknown): boolean => {
      if (a === undefined || b === undefined) return a === b;
      // An object of a part that is changed in place says nothing of what has changed in it.
      return !(place !== false && typeof b === "object") && isEqual(a, b);
    };
    return [() => (subject === undefined ? selectFrom(none, false) : selectFrom(read(subject), at?.(subject) ?? false)), () => selectFrom(none, false)];
  }, [subject, read, at, none, select, isEqual]);
  const selected = useSyncExternalStore(useSubscribe(subject), now, atFirst);
  useEffect(() => {
    shown.current = selected;
  }, [selected]);
  return selected.value;
}

function useSubscribe(subject: Subject | undefined): (listener: () => void) => () => void {
  return useCallback((listener) => subject?.onChange(listener) ?? giveNothing, [subject]);
}

function giveNothing(): undefined {}
