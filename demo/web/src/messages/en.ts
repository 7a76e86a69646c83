import { chat } from "./en-chat.ts";
import { control } from "./en-control.ts";
import { trouble } from "./en-trouble.ts";

/** Every word that a person reads. Values come in as arguments, already formatted. */
export const en = {
  brand: "Saleroom",
  skip: "Skip to the content",
  pageTitle: (page: string) => `${page} · Saleroom`,
  nav: {
    label: "Rooms",
    welcome: "Welcome",
    control: "Control room",
    chat: "Chat",
    badge: (count: number) => (count > 99 ? "99+" : String(count)),
    unread: (count: number) => (count === 1 ? " line to read" : " lines to read"),
  },

  people: {
    title: "Here now",
    titleOld: "Here last",
    count: (count: number) => `${count} here`,
    open: ": who is here, and where",
    you: "you",
    pages: { welcome: "on the welcome page", control: "in the control room", chat: "in the chat", elsewhere: "somewhere" },
    more: (count: number) => `and ${count} more`,
    live: "Live: whoever comes or goes shows at once.",
    old: "No connection: this is who was here last.",
    state: { connecting: "Connecting", reconnecting: "Reconnecting", offline: "Offline", refused: "Refused", outdated: "Outdated", closed: "Closed" },
    short: { connecting: "…", reconnecting: "Cut", offline: "Offline", refused: "Refused", outdated: "Old", closed: "Closed" },
  },

  banner: {
    connecting: "Connecting to the house.",
    reconnecting: "The line to the house is cut. What you see stays, and may be old.",
    offline: "This device has no network. What you see stays, and may be old.",
    refused: {
      4401: "The house does not know you any more.",
      4403: "The house is not open to you: ask whoever runs the server.",
      4409: "A newer page of yours has taken this one's place.",
    } as Readonly<Record<number, string>>,
    closed: (code: string) => `The house has closed this line for good (code ${code}).`,
    outdated: "This page is older than the house.",
    nextTry: (seconds: number) => (seconds <= 0 ? "Trying now." : `Next try in ${seconds} s.`),
    waiting: (calls: number) => (calls === 1 ? "1 line waits to be sent." : `${calls} lines wait to be sent.`),
    tryNow: "Try now",
    loadAgain: "Load the page again",
  },
  chat,

  trouble,

  person: {
    menu: ": you and the theme",
    you: "In this tab you are",
    another: "Open as someone else",
    anotherHint: "Opens a new tab. Each tab is a person of its own.",
    theme: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
  },

  first: {
    title: "Come in",
    lead: "The Saleroom is a small live auction house. What you see in it is what its server does at this moment.",
    name: "Your name",
    nameHint: "Any name will do, no account is made. It lasts as long as this tab.",
    nameMissing: "Write a name, so that others can tell you apart.",
    colour: "Your colour",
    enter: "Enter the Saleroom",
    entering: "Entering…",
    unreachable: "No answer from the server. Your name is kept: try again.",
    refused: (status: string) => `The server did not take this name (${status}). Try another.`,
  },

  hues: ["Ruby", "Amber", "Moss", "Fern", "Teal", "Azure", "Violet", "Rose"],
  animals: ["Heron", "Wren", "Finch", "Plover", "Kestrel", "Otter", "Marten", "Curlew", "Lynx", "Hare", "Osprey", "Swift", "Badger", "Ibis", "Tern", "Stoat"],

  welcome: {
    title: (name: string) => `Welcome, ${name}`,
    lead: "The Saleroom is a small live auction house, made to show what Nexios does. Two rooms are open today; the others are being prepared.",
    rooms: "The rooms",
    open: "Open",
    prepared: "Being prepared",
    two: "Two people on one screen",
    twoLead: "Open a second tab and put it beside this one: each sees the other, and what the other says.",
    catalogue: {
      chat: ["Chat", "What is said in the house: kept, and caught up with after any trouble."],
      control: ["Control room", "Requests, visitors and health of this very server, a frame a second."],
      lots: ["Lots", "All lots with live price and time left; bidding with a secret maximum."],
      desk: ["Desk", "The catalogue's texts, written by several people at once."],
      inbox: ["Inbox", "Outbid, won, closing soon: what concerns you, and only you."],
    },
  },

  missing: {
    title: "No such room",
    lead: (path: string) => `There is nothing at ${path}.`,
    back: "Back to the welcome page",
    code: "This room's page did not arrive: the network failed, or the server has a newer one.",
  },
  control,
} as const;
