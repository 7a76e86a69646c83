import { useMemo } from "react";
import type { ClientRoom, Person } from "../client/index.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import { useClient } from "./provider.ts";
import { useSelection, useSubject } from "./use-subject.ts";

type People<C extends RoomFacts> = readonly Person<C>[];

const nobody: readonly never[] = [];

/** Who else is in a room. Renders when somebody else comes, goes or shows something else. */
export function useOthers<C extends RoomFacts>(room: ClientRoom<C> | undefined): People<C>;
/** What `select` makes of the others; renders when that changes. Two arrays are equal if their members are. */
export function useOthers<C extends RoomFacts, Value>(room: ClientRoom<C> | undefined, select: (others: People<C>) => Value): Value;
export function useOthers<C extends RoomFacts, Value>(room: ClientRoom<C> | undefined, select: (others: People<C>) => Value = asTheyAre as never): Value {
  const selfId = useUserId();
  const selectOthers = useMemo(() => (people: People<C>) => select(people.filter(({ userId }) => userId !== selfId)), [select, selfId]);
  // There is always a list to select from.
  return useSelection(room, { read: toPeople<C>, none: nobody, select: selectOthers, isEqual: isAlike }) as Value;
}

/** Oneself as the others in a room see one; `undefined` while they do not. */
export function useSelf<C extends RoomFacts>(room: ClientRoom<C> | undefined): Person<C> | undefined {
  const selfId = useUserId();
  return useSubject(room, ({ people }) => people.find(({ userId }) => userId === selfId));
}

function useUserId(): string | undefined {
  return useSubject(useClient(), ({ status }) => status.user?.id);
}

function toPeople<C extends RoomFacts>({ people }: ClientRoom<C>): People<C> {
  return people;
}

function isAlike(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return Object.is(a, b);
  return a.length === b.length && a.every((each, at) => Object.is(each, b[at]));
}

function asTheyAre<Value>(people: Value): Value {
  return people;
}
