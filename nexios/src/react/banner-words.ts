import { closeCodes } from "../protocol/codes.ts";

/** All that a connection banner says. */
export interface BannerWords {
  readonly connecting: string;
  readonly reconnecting: string;
  readonly offline: string;
  /** `code`: the close code, as in `closeCodes`. */
  readonly refused: (code: number | undefined) => string;
  readonly outdated: string;
  readonly nextTry: (seconds: number) => string;
  /** So many calls are kept until they can be sent. */
  readonly waiting: (calls: number) => string;
  readonly tryNow: string;
  readonly loadAgain: string;
}

/** What the banner says unless told otherwise. */
export const englishBannerWords: BannerWords = {
  connecting: "Connecting.",
  reconnecting: "The connection is lost. What you see may be old.",
  offline: "You are offline. What you see may be old.",
  refused: toRefusal,
  outdated: "There is a newer version of this page.",
  nextTry: (seconds) => `Trying again in ${seconds} s.`,
  waiting: (calls) => (calls === 1 ? "1 change waits to be sent." : `${calls} changes wait to be sent.`),
  tryNow: "Try now",
  loadAgain: "Load again",
};

function toRefusal(code: number | undefined): string {
  switch (code) {
    case closeCodes.UNAUTHORIZED:
      return "You are signed out.";
    case closeCodes.FORBIDDEN:
      return "You may not be here.";
    case closeCodes.REPLACED:
      return "This was opened elsewhere.";
    default:
      return "The server takes no connection from here.";
  }
}
