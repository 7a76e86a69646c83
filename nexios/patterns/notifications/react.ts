import { type Args, type ClientRoom, NexiosError } from "nexios/client";
import type { CallName, Input, Outcome } from "nexios/contract";
import { type MaybeJoinedRoom, useConnection, useRoom, useRoomState } from "nexios/react";
import { useEffect, useMemo, useState } from "react";
import { inboxRoom, type InboxRoom, type PushSubscription } from "./contract.ts";
import { noCounts } from "./counts.ts";
import type { Channel, Choice, Moment } from "./entry.ts";
import { inboxExpect } from "./expected.ts";
import { keepReceived } from "./keep-received.ts";
import type { QuietHours } from "./quiet.ts";
import type { Inbox } from "./state.ts";
import { type InboxPage, type InboxSelection, viewInbox } from "./view.ts";

/** Whose inbox, and which part of it. */
export interface UseInboxOptions extends InboxSelection {
  /** One's own unless given: then it is empty until the server has said who one is. */
  readonly userId?: string | undefined;
}

/** A call that came to nothing: its refusal's code, or its failure's. */
export interface InboxFailure {
  readonly call: CallName<InboxRoom>;
  readonly code: string;
}

/** What can be done with an inbox. Each shows at once, and gives false where it came to nothing, of which `failure` tells. */
export interface InboxActions {
  /** All that is shown now, and what stands below it, was on a screen. */
  readonly markSeen: () => Promise<boolean>;
  /** The same as read; what comes while it is clicked stays unread. */
  readonly readAll: () => Promise<boolean>;
  readonly read: (...ids: readonly string[]) => Promise<boolean>;
  readonly unread: (...ids: readonly string[]) => Promise<boolean>;
  readonly archive: (...ids: readonly string[]) => Promise<boolean>;
  readonly unarchive: (...ids: readonly string[]) => Promise<boolean>;
  /** `null`: back at once. */
  readonly snooze: (id: string, until: Moment | null) => Promise<boolean>;
  readonly mute: (thread: string, until: Moment | null) => Promise<boolean>;
  readonly prefer: (category: string, channel: Channel, choice: Choice | null) => Promise<boolean>;
  readonly setQuiet: (hours: QuietHours | null) => Promise<boolean>;
  /** Has this browser pushed to. `label`: what its owner knows it by. */
  readonly addPush: (label: string, subscription: PushSubscription) => Promise<boolean>;
  readonly removeEndpoint: (id: string) => Promise<boolean>;
}

/** An inbox as a page needs it. */
export interface InboxView extends Omit<InboxPage, "position">, InboxActions {
  /** The whole of it: choices, quiet hours, endpoints; `undefined` before the first snapshot. */
  readonly inbox: Inbox | undefined;
  readonly status: MaybeJoinedRoom<InboxRoom>["status"];
  /** Of the latest call. */
  readonly failure: InboxFailure | undefined;
}

const joining = { expect: inboxExpect };
const nothing: InboxPage = { items: [], hasMore: false, counts: noCounts, position: 0, forgotten: 0 };

/** An inbox, while its component is shown; this device then says of what comes that it has it. */
export function useInbox({ userId, folder, category, limit }: UseInboxOptions = {}): InboxView {
  const { user } = useConnection();
  const owner = userId ?? user?.id;
  const { room, status } = useRoom(owner === undefined ? null : inboxRoom, owner === undefined ? null : { userId: owner }, joining);
  useEffect(() => (room === undefined ? undefined : keepReceived(room)), [room]);
  const inbox = useRoomState(room);
  const page = useMemo(() => (inbox === undefined ? nothing : viewInbox(inbox, { folder, category, limit })), [inbox, folder, category, limit]);
  const { position, ...shown } = page;
  const { actions, failure } = useActions(room, position, category);
  return { ...shown, ...actions, inbox, status, failure };
}

/** Bound to what is shown in this render: that is what its reader sees when he clicks. */
function useActions(
  room: ClientRoom<InboxRoom> | undefined,
  position: number,
  category: string | undefined,
): { readonly actions: InboxActions; readonly failure: InboxFailure | undefined } {
  const [failed, setFailed] = useState<{ readonly room: ClientRoom<InboxRoom>; readonly failure: InboxFailure }>();
  const actions = useMemo((): InboxActions => {
    const call = async <Name extends CallName<InboxRoom>>(name: Name, input: Input<InboxRoom, Name>): Promise<boolean> => {
      if (room === undefined) return false;
      const code = await codeOf(room, name, input);
      setFailed(code === undefined ? undefined : { room, failure: { call: name, code } });
      return code === undefined;
    };
    const upTo = { upTo: position, ...(category !== undefined && { category }) };
    return {
      markSeen: () => call("seen", upTo),
      readAll: () => call("readAll", upTo),
      read: (...ids) => call("read", { ids }),
      unread: (...ids) => call("unread", { ids }),
      archive: (...ids) => call("archive", { ids }),
      unarchive: (...ids) => call("unarchive", { ids }),
      snooze: (id, until) => call("snooze", { ids: [id], until }),
      mute: (thread, until) => call("mute", { thread, until }),
      prefer: (of, channel, choice) => call("prefer", { category: of, channel, choice }),
      setQuiet: (hours) => call("quiet", { hours }),
      addPush: (label, subscription) => call("addEndpoint", { channel: "push", label, subscription }),
      removeEndpoint: (id) => call("removeEndpoint", { id }),
    };
  }, [room, position, category]);
  return { actions, failure: failed?.room === room ? failed?.failure : undefined };
}

/** Why a call came to nothing; `undefined` if it was accepted. */
async function codeOf<Name extends CallName<InboxRoom>>(room: ClientRoom<InboxRoom>, name: Name, input: Input<InboxRoom, Name>): Promise<string | undefined> {
  try {
    // For a name that is still open the compiler can't see that the input is all that goes with it.
    const given = [input] as unknown as Args<Input<InboxRoom, Name>>;
    const outcome: Outcome<InboxRoom, Name> = await room.call(name, ...given);
    return outcome.kind === "refused" ? outcome.code : undefined;
  } catch (error) {
    return error instanceof NexiosError ? error.code : "INTERNAL";
  }
}
