import type { Client } from "nexios/client";
import { useClient, useConnection } from "nexios/react";
import { useEffect, useState } from "react";

/** Where the connection stands. */
export type LineState = Client["status"]["kind"];

const quietMs = 2_000;

/** The same as a person minds it: what heals within two seconds has not happened. */
export function useLineState(): LineState {
  const { kind } = useConnection();
  const { status } = useClient();
  const isTroubled = kind === "reconnecting" || kind === "offline";
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isTroubled) return undefined;
    const timer = setTimeout(() => setLong(true), quietMs);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isTroubled]);
  if (!isTroubled || isLong) return kind;
  return status.hasConnected ? "live" : "connecting";
}
