import { useId } from "react";
import { type Hue, type Identity, toInitials } from "../identity/identity.ts";
import { en } from "../messages/en.ts";
import { themes, useTheme } from "./theme.ts";

/** Who one is in this tab, how to be somebody else in another, and the theme. */
export function PersonMenu({ identity, path }: { identity: Identity; path: string }) {
  const id = useId();
  const { name, hue } = identity;
  return (
    <div className="person">
      <button type="button" className="person-button" popoverTarget={id}>
        <Avatar name={name} hue={hue} />
        <bdi className="person-name">{name}</bdi>
        <span className="hidden">{en.person.menu}</span>
        <svg className="chevron" viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2.5 4.5 6 8l3.5-3.5" />
        </svg>
      </button>
      <div id={id} popover="auto" className="menu">
        <p className="menu-who">
          <Avatar name={name} hue={hue} />
          <span>
            <span className="note">{en.person.you}</span>
            <bdi className="menu-name">{name}</bdi>
          </span>
        </p>
        <AnotherPerson path={path} />
        <ThemeSwitch />
      </div>
    </div>
  );
}

function Avatar({ name, hue }: { name: string; hue: Hue }) {
  return (
    <span className="avatar" data-hue={hue} aria-hidden="true">
      {toInitials(name)}
    </span>
  );
}

/** `noopener` gives the new tab a session of its own; without it the copy would be the same person. */
export function AnotherPerson({ path }: { path: string }) {
  return (
    <div>
      <a className="button" href={path} target="_blank" rel="noopener">
        {en.person.another}
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M6 3.5H3.5v9h9V10M9 3.5h3.5V7M12.5 3.5 7.5 8.5" />
        </svg>
      </a>
      <p className="note">{en.person.anotherHint}</p>
    </div>
  );
}

function ThemeSwitch() {
  const [theme, setTheme] = useTheme();
  const group = useId();
  return (
    <fieldset className="segments">
      <legend>{en.person.theme}</legend>
      <div>
        {themes.map((one) => (
          <label key={one}>
            <input type="radio" name={group} checked={one === theme} onChange={() => setTheme(one)} />
            <span>{en.person.themes[one]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
