import { useEffect } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import type { Identity } from "../identity/identity.ts";
import { useIdentity } from "../identity/identity-store.ts";
import { en } from "../messages/en.ts";
import { FirstRun } from "../welcome/first-run.tsx";
import { Missing, Welcome } from "../welcome/welcome.tsx";
import { createLazyPage } from "./lazy-page.tsx";
import { Mark } from "./mark.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { recordVisit } from "./record-visit.ts";

const ControlRoom = createLazyPage(en.nav.control, async () => (await import("../control/control-room.tsx")).ControlRoom);

/** The whole page: the first screen until somebody came in, then the rooms. */
export function App() {
  const identity = useIdentity();
  // Whoever comes in goes to a room next: its code is there before the click.
  useEffect(() => ControlRoom.preload(), []);
  return identity === undefined ? <FirstRun /> : <Shell identity={identity} />;
}

function Shell({ identity }: { identity: Identity }) {
  const [path] = useLocation();
  const { userId, name } = identity;
  useEffect(() => recordVisit(userId, path), [userId, path]);
  return (
    <>
      <a className="skip" href="#content">
        {en.skip}
      </a>
      <header className="header">
        <Link href="/" className="brand">
          <Mark />
          {en.brand}
        </Link>
        <nav aria-label={en.nav.label}>
          <RoomLink href="/" path={path} label={en.nav.welcome} />
          <RoomLink href="/control" path={path} label={en.nav.control} />
        </nav>
        <PersonMenu identity={identity} path={path} />
      </header>
      <main id="content" tabIndex={-1}>
        <Switch>
          <Route path="/">
            <Welcome name={name} />
          </Route>
          <Route path="/control">
            <ControlRoom />
          </Route>
          <Route>
            <Missing path={path} />
          </Route>
        </Switch>
      </main>
    </>
  );
}

function RoomLink({ href, path, label }: { href: string; path: string; label: string }) {
  return (
    <Link href={href} aria-current={href === path ? "page" : undefined}>
      {label}
    </Link>
  );
}
