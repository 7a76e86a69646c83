import { type BannerWords, ConnectionBanner } from "nexios/react";
import type { Page } from "../../../rooms/house.ts";
import { en } from "../messages/en.ts";

const words: BannerWords = { ...en.banner, refused: (code) => en.banner.refused[code ?? 0] ?? en.banner.closed(String(code ?? "")) };
// Beside its field the chat says itself how many lines wait.
const wordsInChat: BannerWords = { ...words, waiting: () => "" };

/** Says over any page that the connection is lost, and what can be done. */
export function HouseBanner({ page }: { readonly page: Page }) {
  return (
    <div className="banner">
      <ConnectionBanner words={page === "chat" ? wordsInChat : words} />
    </div>
  );
}
