import { useEffect } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import type { Page } from "../../../rooms/house.ts";
import { HouseProvider } from "../house/house-provider.tsx";
import type { Identity } from "../identity/identity.ts";
import { Bell } from "../inbox/bell.tsx";
import { inboxName, preferencesName } from "../inbox/bell-words.ts";
import { en } from "../messages/en.ts";
import { PeopleMenu } from "../people/people-menu.tsx";
import { TroubleCorner } from "../trouble/trouble-corner.tsx";
import { Missing } from "../welcome/missing.tsx";
import { HouseBanner } from "./house-banner.tsx";
import { createLazyPage } from "./lazy-page.tsx";
import { Mark } from "./mark.tsx";
import { Navigation } from "./navigation.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { recordVisit } from "./record-visit.ts";

const Lots = createLazyPage(en.nav.lots, async () => (await import("../lots/lots.tsx")).Lots);
const LotPage = createLazyPage(en.nav.lots, async () => (await import("../lot/lot-page.tsx")).LotPage);
const Mine = createLazyPage(en.nav.mine, async () => (await import("../mine/mine.tsx")).Mine);
const Rostrum = createLazyPage(en.nav.rostrum, async () => (await import("../rostrum/rostrum.tsx")).Rostrum);
const Desk = createLazyPage(en.nav.desk, async () => (await import("../desk/desk.tsx")).Desk);
const DocumentPage = createLazyPage(en.nav.desk, async () => (await import("../desk/document-page.tsx")).DocumentPage);
const About = createLazyPage(en.nav.about, async () => (await import("../welcome/about.tsx")).About);
const ControlRoom = createLazyPage(en.nav.control, async () => (await import("../control/control-room.tsx")).ControlRoom);
const InboxPage = createLazyPage(inboxName, async () => (await import("../inbox/inbox-page.tsx")).InboxPage);
const PreferencesPage = createLazyPage(preferencesName, async () => (await import("../inbox/preferences-page.tsx")).PreferencesPage);
const Chat = createLazyPage(en.nav.chat, async () => (await import("../chat/chat.tsx")).Chat);

// Their code is there before the click.
for (const page of [Lots, LotPage, Mine, Rostrum, Desk, ControlRoom, Chat]) page.preload();

const rooms: readonly Page[] = ["mine", "rostrum", "desk", "inbox", "control", "chat", "about"];

/** The frame of every page, and the page in it. */
export function Shell({ identity }: { readonly identity: Identity }) {
  const [path] = useLocation();
  const { userId, hue } = identity;
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
            <span className="brand-name">{en.brand}</span>
          </Link>
          <Navigation path={path} />
          <PeopleMenu />
          <Bell userId={userId} path={path} />
          <PersonMenu identity={identity} path={path} />
          <HouseBanner page={page} />
        </header>
        <main id="content" tabIndex={-1}>
          <Switch>
            <Route path="/" component={Lots} />
            <Route path="/lots/:id" component={LotPage} />
            <Route path="/mine" component={Mine} />
            <Route path="/rostrum/:id?" component={Rostrum} />
            <Route path="/desk" component={Desk} />
            <Route path="/desk/:id" component={DocumentPage} />
            <Route path="/inbox" component={InboxPage} />
            <Route path="/inbox/preferences" component={PreferencesPage} />
            <Route path="/about" component={About} />
            <Route path="/control" component={ControlRoom} />
            <Route path="/chat" component={Chat} />
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

/** By the first part of the path: what is below a list is one of it. */
function toPage(path: string): Page {
  const [, room = ""] = path.split("/");
  if (room === "") return "lots";
  return room === "lots" ? "lot" : (rooms.find((page) => page === room) ?? "elsewhere");
}
