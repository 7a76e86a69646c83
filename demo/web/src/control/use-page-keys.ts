import { useEffect, useRef, useState } from "react";
import { isSingle, type KeyDeed, toDeed } from "./page-keys.ts";

/** Two keys are one only if they come so soon. */
const pairMs = 600;
const storageKey = "saleroom.control.keys";

/** Runs what keys mean on the page, and says whether single ones do anything, which this browser keeps. */
export function usePageKeys(act: (deed: KeyDeed) => void): [isOn: boolean, setOn: (isOn: boolean) => void] {
  const [isOn, setOn] = useState(readChoice);
  const newest = useRef(act);
  useEffect(() => void (newest.current = act));
  const last = useRef({ key: "", at: -Infinity });
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]") !== null) return;
      const { key, at } = last.current;
      const deed = toDeed({ key: event.key, before: event.timeStamp - at < pairMs ? key : undefined });
      last.current = { key: event.key, at: event.timeStamp };
      if (deed === undefined || (isSingle(deed) && !isOn)) return;
      if (deed.kind === "filter" || deed.kind === "cursor") event.preventDefault();
      newest.current(deed);
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, [isOn]);
  return [
    isOn,
    (next) => {
      setOn(next);
      keepChoice(next);
    },
  ];
}

/** Where characters are written, and where arrows have a meaning of their own. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest("input:not([type=range]), textarea, select, [contenteditable=true], [role=menu], [popover]:popover-open, .alerts-list, .live") !== null;
}

function readChoice(): boolean {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    // Storage may be forbidden.
    return true;
  }
}

function keepChoice(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, "off");
  } catch {
    // The choice then lasts until the page is loaded anew.
  }
}
