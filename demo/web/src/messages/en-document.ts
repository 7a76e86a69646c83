import type { DocumentStatus, RefusedEdit } from "nexios/collab/client";

/** The words of one text of the catalogue. */
export const documentWords = {
  back: "The catalogue",
  untitled: "A text of the catalogue",
  text: "Text",
  undo: "Undo",
  redo: "Redo",
  here: (count: number) => (count === 0 ? "Nobody else is here" : count === 1 ? "Also here:" : `${count} others are here:`),
  idle: "(away)",
  none: "There is no such text, or it is not open to you.",
  status: (status: DocumentStatus): string => {
    switch (status.kind) {
      case "opening":
        return "Opening";
      case "saved":
        return "Saved";
      case "saving":
        return "Saving";
      case "offline":
        return status.isSaved ? "Offline: all is saved, and you can go on writing" : "Offline: what you write is kept here, and sent later";
      case "read-only":
        return "Read only: its lot is over";
      case "refused":
        return "Something was not taken";
      case "failed":
        return `It can't be opened (${status.code})`;
    }
  },
  refused: {
    READ_ONLY: "You may only read this text now.",
    REFUSED: "The server did not take your last edit.",
    TOO_LARGE: "The text would be longer than a text may be.",
    REPLACED: "The text is another one by now.",
    OFFLINE_LIMIT: "You wrote more without a connection than can be kept.",
    NO_ACCESS: "You may not be in this text any more.",
  } satisfies Record<RefusedEdit["code"], string>,
  keep: "Your text as you had it is kept for you to copy.",
  copy: "Copy my text",
  copied: "Copied",
  dismiss: "Dismiss",
  warning: (found: number, most: number) => `${Math.floor((found / most) * 100)} % of what a text may have`,
};
