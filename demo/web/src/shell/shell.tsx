import { useEffect } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import type { Page } from "../../../rooms/house.ts";
import { HouseProvider } from "../house/house-provider.tsx";
import type { Identity } from "../identity/identity.ts";
import { en } from "../messages/en.ts";
import { PeopleMenu } from "../people/people-menu.tsx";
import { TroubleCorner } from "../trouble/trouble-corner.tsx";
import { Missing, Welcome } from "../welcome/welcome.tsx";
import { HouseBanner } from "./house-banner.tsx";
import { createLazyPage } from "./lazy-page.tsx";
import { Mark } from "./mark.tsx";
import { Navigation } from "./navigation.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { recordVisit } from "./record-visit.ts";

const ControlRoom = createLazyPage(en.nav.control, async () => (await import("../control/control-room.tsx")).ControlRoom);
const Chat = createLazyPage(en.nav.chat, async () => (await import("../chat/chat.tsx")).Chat);

// Their code is there before the click.
for (const page of [ControlRoom, Chat]) page.preload();

/** The frame of every page, and the page in it. */
export function Shell({ identity }: { readonly identity: Identity }) {
  const [path] = useLocation();
  const { userId, name, hue } = identity;
  const page = toPage(path);
  useEffect(() => recordVisit(userId, path), [userId, path]);
  return (
    <HouseProvider colour={hue} page={page}>
      <div className="shell" data-page={page}>
        <a className="skip" href="#content">
          {en.skip}
        </a>
        <header className="header">
          <Link href="/" className="brand">
            <Mark />
            {en.brand}
          </Link>
          <Navigation path={path} />
          <PeopleMenu />
          <PersonMenu identity={identity} path={path} />
          <HouseBanner page={page} />
        </header>
        <main id="content" tabIndex={-1}>
          <Switch>
            <Route path="/">
              <Welcome name={name} />
            </Route>
            <Route path="/control">
              <ControlRoom />
            </Route>
            <Route path="/chat">
              <Chat />
            </Route>
            <Route>
              <Missing path={path} />
            </Route>
          </Switch>
        </main>
        <TroubleCorner />
      </div>
    </HouseProvider>
  );
}

function toPage(path: string): Page {
  if (path === "/") return "welcome";
  return path === "/control" ? "control" : path === "/chat" ? "chat" : "elsewhere";
}
