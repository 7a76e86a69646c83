/** The words of a lot's description, which is written at the desk. */
export const descriptionWords = {
  edit: "Edit at the desk",
  read: "Read at the desk",
  showAll: "Show all",
  showLess: "Show less",
  empty: "Nothing is written of it now.",
  /** The name stands behind it. */
  writtenBy: "Being written by",
  others: (count: number) => (count === 1 ? "and one more" : `and ${count} more`),
};
