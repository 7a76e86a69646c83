import { documentRoom, textOf } from "nexios/collab";
import { useOthers, useRoom, useRoomState } from "nexios/react";
import { useLayoutEffect } from "react";
import type { LiveText } from "./description.tsx";
import { type Shown, writersOf } from "./writers-of.ts";

interface Props {
  readonly lotId: string;
  readonly onChange: (live: LiveText) => void;
}

/** Tells what is written of a lot at the desk, for as long as it is there. It only reads: no client id is taken in the document. */
export function LiveDescription({ lotId, onChange }: Props) {
  const { room } = useRoom(documentRoom, { id: lotId });
  // Before its first entry nobody has written it.
  const text = useRoomState(room, ({ count, document }) => (count === 0 ? undefined : textOf(document)));
  const writers = useOthers(room, toWriters);
  useLayoutEffect(() => {
    if (text !== undefined) onChange({ text, writers });
  }, [text, writers, onChange]);
  return <></>;
}

function toWriters(people: readonly Shown[]): readonly string[] {
  return writersOf(people);
}
