import { useId } from "react";

interface Props<Value extends string> {
  readonly label: string;
  readonly options: readonly (readonly [value: Value, label: string])[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, side by side. */
export function Choice<Value extends string>({ label, options, value, onChoose }: Props<Value>) {
  const group = useId();
  return (
    <fieldset className="segments choice">
      <legend className="hidden">{label}</legend>
      <div style={{ gridTemplateColumns: `repeat(${options.length}, auto)` }}>
        {options.map(([one, text]) => (
          <label key={one}>
            <input type="radio" name={group} checked={one === value} onChange={() => onChoose(one)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
