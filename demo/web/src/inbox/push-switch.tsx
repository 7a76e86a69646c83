import type { Inbox } from "nexios/notifications";
import type { InboxView } from "nexios/notifications/react";
import { useState } from "react";
import { inboxWords } from "../messages/en-inbox.ts";
import { browserOf, pushState, subscribeToPush } from "./push.ts";

const { push: words, browser: title } = inboxWords.settings;

type Note = "asking" | "failed" | undefined;

/** Turns push on in this browser, by nothing but this button; and off in any of one's browsers. */
export function PushSwitch({ inbox, view }: { readonly inbox: Inbox; readonly view: InboxView }) {
  const [state, setState] = useState(pushState);
  const [note, setNote] = useState<Note>();

  async function turnOn(): Promise<void> {
    setNote("asking");
    try {
      const subscription = await subscribeToPush();
      setState(pushState());
      const { browser, system } = browserOf(navigator.userAgent);
      const isOn = subscription === undefined || (await view.addPush(words.label(browser, system), subscription));
      setNote(isOn ? undefined : "failed");
    } catch {
      // The browser has its own reasons, and no words for people.
      setNote("failed");
    }
  }

  return (
    <section>
      <h2>{title}</h2>
      {state === "off" ? (
        <p className="quiet-send">
          <button type="button" className="button" aria-disabled={note === "asking"} onClick={() => void (note === "asking" || turnOn())}>
            {words.turnOn}
          </button>{" "}
          <output className="note">{note === undefined ? words.hint : words[note]}</output>
        </p>
      ) : (
        <p className="note">{words[state]}</p>
      )}
      <ul className="muted-threads">
        {inbox.endpoints.map(({ id, label }) => (
          <li key={id}>
            <span>
              {words.on} <bdi>{label}</bdi>
            </span>
            <button
              type="button"
              className="button small"
              aria-label={words.remove + inboxWords.actions.of(label)}
              onClick={() => void view.removeEndpoint(id)}
            >
              {words.remove}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
