import type { Identity } from "../identity/identity.ts";
import { useIdentity } from "../identity/identity-store.ts";
import { FirstRun } from "../welcome/first-run.tsx";
import { NoCode } from "./lazy-page.tsx";
import { createLazyPart } from "./lazy-part.tsx";

// Nobody needs a room before they came in: its code comes while they choose a name, and at once for whoever is in already.
const Shell = createLazyPart<{ readonly identity: Identity }>(async () => (await import("./shell.tsx")).Shell, NoShell);
Shell.preload();

/** The whole page: the first screen until somebody came in, then the rooms. */
export function App() {
  const identity = useIdentity();
  return identity === undefined ? <FirstRun /> : <Shell identity={identity} />;
}

function NoShell({ isFailed }: { readonly isFailed: boolean }) {
  return <main className="first">{isFailed && <NoCode />}</main>;
}
