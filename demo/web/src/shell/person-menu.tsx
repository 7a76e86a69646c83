import { useId } from "react";
import type { Identity } from "../identity/identity.ts";
import { en } from "../messages/en.ts";
import { AnotherPerson } from "../people/another-person.tsx";
import { Avatar } from "../people/avatar.tsx";
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
