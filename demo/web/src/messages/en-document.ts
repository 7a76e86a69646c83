import type { DocumentStatus, RefusedEdit } from "nexios/collab/client";
import { forewordId } from "../../../rooms/desk.ts";

const moment = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const listed = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "short" });
const list = new Intl.ListFormat("en");

/** One sentence. */
function changeOf({ name, inserted, deleted }: { readonly name: string; readonly inserted: number; readonly deleted: number }): string {
  const parts = [...(inserted > 0 ? [`added ${count(inserted, "character")}`] : []), ...(deleted > 0 ? [`deleted ${count(deleted, "character")}`] : [])];
  return `${name} ${list.format(parts)}.`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return number === 1 ? `1 ${one}` : `${number.toLocaleString("en")} ${many}`;
}

/** The words of one text of the catalogue. */
export const documentWords = {
  back: "The catalogue",
  number: (number: number) => `Lot ${number}`,
  untitled: "A text of the catalogue",
  text: "Text",
  empty: "Nothing is written here yet. Begin.",
  emptyRead: "Nothing is written here yet.",
  undo: "Undo",
  redo: "Redo",
  plain: "Plain text area",
  plainHint: "Works better with some screen readers and phones",
  cannotWrite: "You may not write now",
  none: "There is no such text, or it is not open to you.",
  status: {
    opening: "Opening",
    saved: "Saved",
    saving: "Saving",
    offline: (waiting: number, isSaved: boolean) =>
      isSaved
        ? "Offline, all saved"
        : waiting === 0
          ? "Offline, changes wait"
          : `Offline, ${waiting === 1 ? "1 change waits" : `${count(waiting, "change")} wait`}`,
    offlineToRead: "Offline, read only",
    readOnly: "Read only",
    refused: "Not taken",
    failed: (code: string) => (code === "CONNECTION_CLOSED" ? "Closed" : `Trying again (${code})`),
  },
  whyReadOnly: (id: string, isOpen: boolean) => {
    if (!isOpen) return "Its lot is over: what was sold is not described anew.";
    return id !== forewordId && id.includes(".") ? "Its seller alone writes it." : "You may read it, and not write.";
  },
  spoken: {
    open: "The text is open.",
    openToRead: "The text is open, to be read.",
    writable: "You may write in this text again.",
    back: "Connected again: all is saved.",
    backToRead: "Connected again.",
    readOnly: "From now on this text is only read.",
    offline: "No connection. You can go on writing.",
    offlineToRead: "No connection. What you read may be old.",
    failed: (code: string) => `The text does not go on: ${code}.`,
  },
  here: {
    title: "Here now",
    you: "you",
    more: (number: number) => `and ${number} more`,
    idle: "away",
    reads: "reads",
    paragraph: (paragraph: number) => `in paragraph ${paragraph}`,
    alone: "Nobody else is here. What others write shows at once.",
    whatChanged: "What did others change?",
    changed: (people: readonly { readonly name: string; readonly inserted: number; readonly deleted: number }[]) =>
      people.length === 0 ? "Nothing since you asked last." : people.map(changeOf).join(" "),
    asking: "Looking…",
  },
  panels: { history: "History", authors: "Who wrote this" },
  close: "Close",
  authors: {
    title: "Who wrote this",
    percent: (percent: number) => `${percent} %`,
    none: "Nobody has written in it yet.",
    atCaret: (name: string) => `At your caret: ${name}`,
    unknown: "At your caret: nobody yet known",
    hint: "Point at a passage, or put your caret in it.",
    plain: "The plain text area shows no colours.",
    looking: "Looking who wrote what…",
    nobody: "the house",
  },
  history: {
    title: "History",
    slider: "Moment",
    now: "Now",
    begin: "Before the first word",
    at: (at: number, by: readonly string[]) => `${moment.format(at)}, ${list.format(by)}`,
    listedAt: (at: number) => listed.format(at),
    changed: (inserted: number, deleted: number) => `${inserted} added, ${deleted} deleted`,
    inserted: (units: number) => `+${units.toLocaleString("en")}`,
    deleted: (units: number) => `−${units.toLocaleString("en")}`,
    none: "Nobody has written in it yet.",
    looking: "Looking…",
    region: (when: string) => `The text: ${when}`,
    past: (when: string) => `As it was: ${when}`,
    marks: "Underlined was added, struck through was deleted.",
    marksNow: "Underlined came later, struck through is gone by now.",
    same: "Nothing differs.",
    empty: "Empty.",
    added: (name: string) => `${name} added: `,
    struck: (name: string) => `${name} deleted: `,
    forgotten: "Nobody has written in it since. What was before is not kept.",
    begunToKeep: "The oldest that is kept",
    restored: "restored an older text",
    restoredOf: (of: number, at: number) => `restored the text of ${day.format(of) === day.format(at) ? clock.format(of) : listed.format(of)}`,
    restoredBy: (name: string, at: number) => `${name} restored an older text at ${clock.format(at)}.`,
    unfold: "Names and all edits",
    compare: "Compare with now",
    backToNow: "Back to now",
    work: "Edits",
    versions: "Named",
    name: "Name this moment",
    nameNow: "Name the present",
    nameField: "Name",
    nameIt: "Keep",
    named: (name: string) => `Kept as “${name}”.`,
    isNamed: "This moment has that name.",
    unname: (name: string) => `Take the name “${name}” away`,
    unnamed: (name: string) => `“${name}” is taken away.`,
    nameAgain: "Give it back",
    restore: "Restore this",
    ask: "Everybody’s text becomes what it was then. You can take that back.",
    restoreYes: "Restore",
    restoreNo: "Leave it",
    isRestored: "Restored.",
    undoRestore: "Undo the restore",
    restoreUndone: "The restore is undone.",
    offline: "The past comes with the connection.",
  },
  problems: {
    READ_ONLY: "You may only read this text.",
    NO_HISTORY: "This text’s past is not kept.",
    NO_SUCH_MOMENT: "There is no such moment any more.",
    TOO_MANY_VERSIONS: "It has as many names as it may have.",
    TOO_LARGE: "It was longer then than a text may be now.",
    UNAVAILABLE: "No connection: try again when there is one.",
    UNKNOWN_OUTCOME: "No answer came. Look whether it was done before you try again.",
    OVERLOADED: "The house has too much to do: try again in a moment.",
  } as Readonly<Record<string, string>>,
  problem: (code: string) => `It did not work (${code}). Try again.`,
  refused: {
    READ_ONLY: "You may only read this text now.",
    REFUSED: "The server did not take your last edit.",
    TOO_LARGE: "The text would be longer than a text may be.",
    REPLACED: "The text is another one by now.",
    OFFLINE_LIMIT: "You wrote more without a connection than can be kept.",
    NO_ACCESS: "You may not be in this text any more.",
  } satisfies Record<RefusedEdit["code"], string>,
  lengths: (found: number, most: number) => `${found.toLocaleString("en")} characters; ${most.toLocaleString("en")} are the most.`,
  refusedTitle: "This was not taken",
  keep: "Your text as you had it",
  copy: "Copy my text",
  copied: "Copied",
  dismiss: "Dismiss",
  keepIt: "Keep it",
  dismissYes: "Throw it away",
  moreRefused: (more: number) => (more === 1 ? "One more text after this one." : `${more} more texts after this one.`),
  warning: (limit: "characters" | "pieces", found: number, most: number) =>
    limit === "characters"
      ? `${found.toLocaleString("en")} of ${most.toLocaleString("en")} characters: little more fits.`
      : "It was changed in so many small steps that little more fits.",
  whereOthers: (people: readonly { readonly name: string; readonly paragraph: number }[]) =>
    list.format(people.map(({ name, paragraph }) => `${name} in paragraph ${paragraph}`)),
};

/** The words of a state. */
export function statusWords(status: DocumentStatus, waiting: number, isReadOnly: boolean): string {
  const { status: words } = documentWords;
  switch (status.kind) {
    case "opening":
      return words.opening;
    case "saved":
      return words.saved;
    case "saving":
      return words.saving;
    case "offline":
      return isReadOnly && status.isSaved ? words.offlineToRead : words.offline(waiting, status.isSaved);
    case "read-only":
      return words.readOnly;
    case "refused":
      return words.refused;
    case "failed":
      return words.failed(status.code);
  }
}

/** Why something did not work, by its code. */
export function problemWords(code: string): string {
  return documentWords.problems[code] ?? documentWords.problem(code);
}
