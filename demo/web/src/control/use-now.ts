import { useEffect, useState, useSyncExternalStore } from "react";

/** The browser's time, a few times a second, for ages and countdowns. */
export function useNow(stepMs = 250): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, [stepMs]);
  return now;
}

export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}

function subscribe(listener: () => void): () => void {
  const stop = new AbortController();
  addEventListener("online", listener, stop);
  addEventListener("offline", listener, stop);
  return () => stop.abort();
}
