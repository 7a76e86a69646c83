import type { ShownAlert } from "nexios/alerts";
import type { AlertsView } from "nexios/alerts/react";
import { useClient } from "nexios/react";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { control } from "../messages/en-control.ts";
import { alertName } from "./alert-text.ts";

const { alerts: words } = control;
const minuteMs = 60_000;
const mostCharacters = 200;

interface Props {
  readonly alert: ShownAlert;
  readonly silence: AlertsView["silence"];
  readonly onDone: () => void;
}

/** Asks why and for how long nobody is to be told of an alert. A dialog, so that nothing moves for it. */
export function SilenceForm({ alert, silence: { call, refusal, error, pending }, onDone }: Props) {
  const { clock } = useClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [isBare, setBare] = useState(false);
  const [minutes, setMinutes] = useState("60");
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get("why");
    const why = typeof given === "string" ? given.trim() : "";
    setBare(why === "");
    if (why === "" || pending) return;
    const matchers = [{ name: "alertname", value: alert.rule }, ...Object.entries(alert.labels).map(([name, value]) => ({ name, value }))];
    const outcome = await call({ matchers, until: Math.ceil(clock.now()) + Number(minutes) * minuteMs, why });
    if (outcome?.kind === "accepted") dialog.current?.close();
  };
  const code = refusal?.code ?? error?.code;
  const problem = isBare ? words.forms.whyNeeded : code === undefined ? undefined : (words.refusals[code] ?? words.failed(code));
  return (
    <dialog ref={dialog} className="control-dialog" aria-labelledby={`${id}-title`} onClose={onDone}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={`${id}-title`}>{words.forms.silence(alertName(alert))}</h2>
        <label htmlFor={id}>{words.forms.why}</label>
        <input
          id={id}
          name="why"
          className="text-field"
          maxLength={mostCharacters}
          autoComplete="off"
          aria-invalid={isBare}
          aria-describedby={`${id}-problem`}
        />
        <p id={`${id}-problem`} className="problem" role="alert">
          {problem}
        </p>
        <fieldset className="segments">
          <legend>{words.forms.span}</legend>
          <div className="segments-four">
            {Object.entries(words.forms.spans).map(([value, text]) => (
              <label key={value}>
                <input type="radio" name={`${id}-span`} checked={value === minutes} onChange={() => setMinutes(value)} />
                <span>{text}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {words.forms.cancel}
          </button>
          <button type="submit" className="button primary" aria-disabled={pending}>
            {words.forms.do}
          </button>
        </div>
      </form>
    </dialog>
  );
}
