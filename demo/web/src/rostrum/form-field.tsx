import { useId } from "react";
import { rostrumWords as words } from "../messages/en-rostrum.ts";

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly fault: string | undefined;
}

interface TextProps extends FieldProps {
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly isWide?: boolean;
  readonly maxLength?: number;
  /** More than one line. */
  readonly rows?: number;
  readonly type?: "text" | "datetime-local";
  readonly inputMode?: "text" | "decimal" | "numeric";
}

/** A field with its label, and beneath it what is wrong, or a hint. */
export function FormField({ name, label, value, fault, hint, isOptional = false, isWide = false, rows, type = "text", ...others }: TextProps) {
  const id = useId();
  const noteId = `${id}note`;
  const common = { id, name, defaultValue: value, "aria-invalid": fault !== undefined, "aria-describedby": noteId, autoComplete: "off", ...others };
  return (
    <div className={isWide ? "wide" : undefined}>
      <label htmlFor={id}>
        {label} {isOptional && <span className="note">{words.optional}</span>}
      </label>
      {rows === undefined ? <input className="sum-field" type={type} step="1" {...common} /> : <textarea className="sum-field" rows={rows} {...common} />}
      <p id={noteId} className={fault === undefined ? "note" : "note problem"}>
        {fault ?? hint}
      </p>
    </div>
  );
}

interface SelectProps extends FieldProps {
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChoose?: (value: string) => void;
}

/** A choice among few. */
export function FormSelect({ name, label, value, options, onChoose }: SelectProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <select id={id} className="sum-field" name={name} defaultValue={value} onChange={(event) => onChoose?.(event.target.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
      <p className="note" />
    </div>
  );
}
