import { useState } from "react";

const key = "saleroom.plain-text";

/** Whether texts are written in a plain text area; kept for all tabs of this browser. */
export function usePlain(): readonly [boolean, (isPlain: boolean) => void] {
  const [isPlain, setIsPlain] = useState(readPlain);
  return [
    isPlain,
    (next) => {
      setIsPlain(next);
      try {
        if (next) localStorage.setItem(key, "yes");
        else localStorage.removeItem(key);
      } catch {
        // Storage may be forbidden: the choice then lasts until the page is left.
      }
    },
  ];
}

function readPlain(): boolean {
  try {
    return localStorage.getItem(key) === "yes";
  } catch {
    return false;
  }
}
