import { useSyncExternalStore } from "react";

const key = "saleroom.draft";
const listeners = new Set<() => void>();
let draft = read();
let field: HTMLElement | undefined;

/** What is being written, over a change of page and a reload. */
export function useDraft(): string {
  return useSyncExternalStore(subscribe, readDraft);
}

/** The same, now. */
export function readDraft(): string {
  return draft;
}

/** Where it is being written now. */
export function setField(element: HTMLElement | null): void {
  field = element ?? undefined;
}

/** Kept in sessionStorage, which belongs to the tab. */
export function setDraft(next: string): void {
  draft = next;
  try {
    sessionStorage.setItem(key, next);
  } catch {
    // Storage may be forbidden: what is written then lasts until the page is loaded anew.
  }
  for (const listener of listeners) listener();
}

/** Goes on where it is being written. */
export function focusField(): void {
  field?.focus();
}

function read(): string {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
