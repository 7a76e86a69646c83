import { useSyncExternalStore } from "react";
import type { Client, ClientStatus } from "../client/index.ts";
import { useClient } from "./provider.ts";
import { timedStoreOf, type TimedValue } from "./timed-store.ts";

/** How the connection stands, and what a person can do about it. */
export interface Connection extends Pick<ClientStatus, "kind" | "pendingCalls" | "user" | "code"> {
  /** Until the next try, in whole seconds, rounded up; `undefined` while none is waited for. */
  readonly retryInMs: number | undefined;
  /** Tries at once. */
  readonly retryNow: () => void;
}

const noneYet: Connection = { kind: "connecting", pendingCalls: 0, user: undefined, code: undefined, retryInMs: undefined, retryNow: () => {} };

/** The connection of the client: renders when it changes, and once a second while a try is waited for. */
export function useConnection(): Connection {
  const client = useClient();
  const { subscribe, read } = timedStoreOf(client, useConnection, () => toTimed(client));
  return useSyncExternalStore(subscribe, read, giveNoneYet);
}

function toTimed(client: Client): TimedValue<Connection> {
  let seen: ClientStatus | undefined;
  return {
    read(last) {
      const { status } = client;
      const ms = client.retryInMs();
      const retryInMs = ms === undefined ? undefined : Math.ceil(ms / 1_000) * 1_000;
      if (last?.retryInMs === retryInMs && seen === status && last !== undefined) return last;
      seen = status;
      const { kind, pendingCalls, user, code } = status;
      return { kind, pendingCalls, user, code, retryInMs, retryNow: () => client.retryNow() };
    },
    holdsMs() {
      const ms = client.retryInMs() ?? 0;
      return ms > 0 ? ms % 1_000 || 1_000 : 0;
    },
  };
}

function giveNoneYet(): Connection {
  return noneYet;
}
