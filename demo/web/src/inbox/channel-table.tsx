import type { Choice, Inbox } from "nexios/notifications";
import type { InboxView } from "nexios/notifications/react";
import { categories, type Category, categoryNames } from "../../../rooms/inbox.ts";
import { inboxWords } from "../messages/en-inbox.ts";
import { NoticeIcon } from "./notice-icon.tsx";

const { settings: words } = inboxWords;
const channels = ["live", "push"] as const;
type Shown = (typeof channels)[number];
const choices: Readonly<Record<Shown, readonly Choice[]>> = { live: ["on", "off"], push: ["on", "digest", "off"] };

interface Props {
  readonly inbox: Inbox;
  readonly onPrefer: InboxView["prefer"];
}

/** Which kind is told on which channel. It is kept with the choice. */
export function ChannelTable({ inbox, onPrefer }: Props) {
  return (
    <table className="channels">
      <thead>
        <tr>
          <th scope="col">{words.what}</th>
          {channels.map((channel) => (
            <th key={channel} scope="col">
              {words.channels[channel]}
              <span className="note">{words.channelHints[channel]}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {categoryNames.map((category) => (
          <tr key={category}>
            <th scope="row">
              <div>
                <NoticeIcon kind={category} />
                <span>
                  {inboxWords.categories[category]}
                  <span className="note">{words.hints[category]}</span>
                </span>
              </div>
            </th>
            {channels.map((channel) => (
              <td key={channel} data-label={words.channels[channel]}>
                <select
                  className="sum-field"
                  aria-label={words.cell(inboxWords.categories[category], words.channels[channel])}
                  value={choiceOf(inbox, category, channel)}
                  onChange={({ target }) => {
                    const choice = choices[channel].find((one) => one === target.value);
                    if (choice !== undefined) void onPrefer(category, channel, choice === categories[category][channel] ? null : choice);
                  }}
                >
                  {choices[channel].map((choice) => (
                    <option key={choice} value={choice}>
                      {words.choices[choice]}
                    </option>
                  ))}
                </select>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function choiceOf({ preferences }: Inbox, category: Category, channel: Shown): Choice {
  return preferences.find((row) => row.category === category && row.channel === channel)?.choice ?? categories[category][channel];
}
