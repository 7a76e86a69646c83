const ago = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** The words of the catalogue desk. */
export const deskWords = {
  title: "The catalogue",
  lead: "What the catalogue says of each lot is written here, by all who are in the house, together. A text begins when its lot is listed, and is closed with it.",
  begin: "List a lot at the rostrum",
  foreword: "Of the whole sale",
  characters: (count: number) => (count === 1 ? "1 character" : `${count.toLocaleString("en")} characters`),
  edited: {
    now: "edited just now by",
    minutes: (count: number) => `edited ${ago.format(-count, "minute")} by`,
    hours: (count: number) => `edited ${ago.format(-count, "hour")} by`,
    days: (count: number) => `edited ${ago.format(-count, "day")} by`,
  },
  unwritten: "nobody has written in it yet",
  open: "Open",
  readOnly: "Read only",
  empty: "There is no text yet. The first comes with the first lot.",
  refused: "The desk is not open to you: ask whoever runs the server.",
};
