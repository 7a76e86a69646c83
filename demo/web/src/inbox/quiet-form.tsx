import type { QuietHours } from "nexios/notifications";
import type { InboxView } from "nexios/notifications/react";
import { type FormEvent, useId, useState } from "react";
import { inboxWords } from "../messages/en-inbox.ts";

const { settings: words } = inboxWords;
const zones = Intl.supportedValuesOf("timeZone");
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const usual = { from: "22:00", to: "07:00" };

interface Props {
  readonly quiet: QuietHours | undefined;
  readonly onSave: InboxView["setQuiet"];
}

/** Hours in which nothing is pushed, in the time zone of whoever sleeps then. */
export function QuietForm({ quiet, onSave }: Props) {
  const id = useId();
  const [known, setKnown] = useState(quiet);
  const [isQuiet, setQuiet] = useState(quiet !== undefined);
  const [hours, setHours] = useState<QuietHours>(quiet ?? { ...usual, zone: ownZone });
  const [note, setNote] = useState("");
  if (JSON.stringify(quiet) !== JSON.stringify(known)) {
    // Saved here, or on another device.
    setKnown(quiet);
    setQuiet(quiet !== undefined);
    if (quiet !== undefined) setHours(quiet);
  }
  const { from, to, zone } = hours;

  function change(part: Partial<QuietHours>): void {
    setNote("");
    setHours({ ...hours, ...part });
  }

  function save(event: FormEvent): void {
    event.preventDefault();
    if (isQuiet && from === to) return setNote(words.same);
    void onSave(isQuiet ? hours : null).then((isSaved) => setNote(isSaved ? words.saved : ""));
  }

  return (
    <form className="quiet" onSubmit={save} aria-labelledby={`${id}title`}>
      <h2 id={`${id}title`}>{words.quiet}</h2>
      <p className="note">{words.quietHint}</p>
      <label className="check">
        <input type="checkbox" checked={isQuiet} onChange={({ target }) => setQuiet(target.checked)} />
        <span>{words.isQuiet}</span>
      </label>
      <fieldset className="quiet-hours" disabled={!isQuiet}>
        <legend className="hidden">{words.quiet}</legend>
        <div>
          <label htmlFor={`${id}from`}>{words.from}</label>
          <input id={`${id}from`} className="sum-field" type="time" value={from} onChange={({ target }) => change({ from: target.value })} required />
        </div>
        <div>
          <label htmlFor={`${id}to`}>{words.to}</label>
          <input id={`${id}to`} className="sum-field" type="time" value={to} onChange={({ target }) => change({ to: target.value })} required />
        </div>
        <div>
          <label htmlFor={`${id}zone`}>{words.zone}</label>
          <select id={`${id}zone`} className="sum-field" value={zone} onChange={({ target }) => change({ zone: target.value })}>
            {[...new Set([zone, ownZone, ...zones])].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
      </fieldset>
      <p className="quiet-send">
        <button className="button">{words.save}</button> <output>{note}</output>
      </p>
    </form>
  );
}
