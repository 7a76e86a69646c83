/** The words of following a lot: apart from the inbox's, since a lot's page needs no others. */
export const followWords = {
  short: "Remind me",
  label: "Remind me before it closes",
  failed: "Not kept",
};
