import { useCallback, useRef, useState } from "react";
import { type ClientRoom, readHistory, type ReceivedEntry } from "../client/index.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { NexiosError } from "../protocol/failure.ts";
import { toFailure } from "./failure.ts";
import { useSubject } from "./use-subject.ts";

/** A room's past, as far as it was asked for. */
export interface RoomHistory<C extends RoomFacts> {
  /** Newest first, without a hole, from the newest at the time of the first page; what comes later is in the room's state. */
  readonly entries: readonly ReceivedEntry<C>[];
  /** Before the last of them nothing is kept, or may be seen. */
  readonly isEnd: boolean;
  readonly pending: boolean;
  /** The latest page failed: UNAVAILABLE while the client is not in the room. */
  readonly error: NexiosError | undefined;
  /** Asks for one more page. Does nothing while one is asked for, and at the end; it never rejects. */
  readonly loadMore: () => Promise<void>;
}

interface Pages<C extends RoomFacts> extends Omit<RoomHistory<C>, "loadMore"> {
  readonly past?: string | undefined;
}

const none = { entries: [], isEnd: false, pending: false, error: undefined };

/** A room's entries page by page, backwards; the first page too comes with `loadMore`. Another room, or another past of the same, begins anew. */
export function useHistory<C extends RoomFacts>(room: ClientRoom<C> | undefined, pageSize = 50): RoomHistory<C> {
  const past = useSubject(room, toPast);
  const [pages, setPages] = useState<Pages<C>>(none);
  const shown: Pages<C> = pages.past === past ? pages : none;
  const asked = useRef<string>(undefined);
  const loadMore = useCallback(async () => {
    if (room === undefined || shown.isEnd || asked.current === past) return;
    const show = (change: Partial<Pages<C>>): void => {
      if (asked.current === past) setPages({ ...shown, past, pending: false, error: undefined, ...change });
    };
    asked.current = past;
    show({ pending: true });
    try {
      const { entries, isEnd } = await readHistory(room, shown.entries.at(-1)?.count ?? Number.MAX_SAFE_INTEGER, pageSize);
      show({ entries: [...shown.entries, ...entries], isEnd });
    } catch (cause) {
      show({ error: toFailure(cause) });
    }
    if (asked.current === past) asked.current = undefined;
  }, [room, past, shown, pageSize]);
  const { entries, isEnd, pending, error } = shown;
  return { entries, isEnd, pending, error, loadMore };
}

/** A log that has begun anew has another past under the same name. */
function toPast({ name, position }: Pick<ClientRoom<RoomFacts>, "name" | "position">): string {
  return `${name} ${position?.epoch}`;
}
