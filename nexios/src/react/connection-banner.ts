import { createElement, type ReactElement, type ReactNode, useEffect, useState } from "react";
import { type BannerWords, englishBannerWords } from "./banner-words.ts";
import { type Connection, useConnection } from "./use-connection.ts";

/** What a connection banner takes; nothing is needed. */
export interface ConnectionBannerProps {
  /** In place of the English words, one by one. */
  readonly words?: Partial<BannerWords>;
  /** A trouble that heals by itself is kept silent for so long. 2,000 unless given. */
  readonly quietMs?: number;
  /** Loads the page anew, which is what "Load again" does unless given. */
  readonly onLoadAgain?: () => void;
  /** Beside `nexios-banner`. */
  readonly className?: string;
}

/**
 * Says in words when the connection is in trouble, and how a person gets out of it; empty while all is well. Its classes are `nexios-banner`, with the
 * connection's kind in `data-kind` while it speaks, and in it `nexios-banner-words`, `-details` and `-action`. It brings no style.
 */
export function ConnectionBanner({ words, quietMs = 2_000, onLoadAgain = loadPageAgain, className = "" }: ConnectionBannerProps): ReactElement {
  const connection = useConnection();
  const { kind, retryNow } = connection;
  const isHealing = kind === "connecting" || kind === "reconnecting" || kind === "offline";
  const said: BannerWords = { ...englishBannerWords, ...words };
  const isQuiet = useIsQuiet(isHealing, quietMs);
  const sentence = isQuiet ? undefined : toSentence(connection, said);
  const speaks = sentence !== undefined;
  return createElement(
    "div",
    { className: `nexios-banner ${className}`.trim(), "data-kind": speaks ? kind : undefined },
    // Always there, so that what comes into it is spoken; the countdown stands outside, so that it is not spoken each second.
    createElement("div", { role: "status", className: "nexios-banner-words" }, sentence),
    speaks && toDetails(connection, said),
    speaks && (isHealing || kind === "refused") && toButton(said.tryNow, retryNow),
    kind === "outdated" && toButton(said.loadAgain, onLoadAgain),
  );
}

/** True until a trouble has lasted for `quietMs`. */
function useIsQuiet(isTroubled: boolean, quietMs: number): boolean {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!isTroubled) return undefined;
    const timer = setTimeout(() => setIsLong(true), quietMs);
    return () => {
      clearTimeout(timer);
      setIsLong(false);
    };
  }, [isTroubled, quietMs]);
  return isTroubled && !isLong;
}

function toSentence({ kind, code }: Connection, words: BannerWords): string | undefined {
  if (kind === "refused") return words.refused(code);
  return kind === "live" || kind === "closed" ? undefined : words[kind];
}

function toDetails({ retryInMs, pendingCalls }: Connection, words: BannerWords): ReactNode {
  const nextTry = retryInMs === undefined ? "" : words.nextTry(retryInMs / 1_000);
  const waiting = pendingCalls === 0 ? "" : words.waiting(pendingCalls);
  return createElement("div", { className: "nexios-banner-details" }, `${nextTry} ${waiting}`.trim());
}

function toButton(label: string, onClick: () => void): ReactNode {
  return createElement("button", { type: "button", className: "nexios-banner-action", onClick: () => onClick() }, label);
}

function loadPageAgain(): void {
  // Not typed: the package is compiled without the browser's names.
  (globalThis as { readonly location?: { reload(): void } }).location?.reload();
}
