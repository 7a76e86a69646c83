import { toInitials } from "../identity/identity.ts";

/** The coloured mark of a person, for the eye alone: the name stands beside it. */
export function Avatar({ name, hue }: { readonly name: string; readonly hue: number }) {
  return (
    <span className="avatar" data-hue={hue} aria-hidden="true">
      {toInitials(name)}
    </span>
  );
}
