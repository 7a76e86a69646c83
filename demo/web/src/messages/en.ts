import { chat } from "./en-chat.ts";
import { trouble } from "./en-trouble.ts";

/** Every word that a person reads. Values come in as arguments, already formatted. */
export const en = {
  brand: "Saleroom",
  skip: "Skip to the content",
  pageTitle: (page: string) => `${page} · Saleroom`,
  nav: {
    label: "Rooms",
    lots: "Lots",
    mine: "My bids",
    rostrum: "Rostrum",
    desk: "Desk",
    about: "About",
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
    pages: {
      lots: "looks through the lots",
      lot: "at a lot",
      mine: "with their own bids",
      rostrum: "at the rostrum",
      desk: "at the desk",
      inbox: "with their notifications",
      control: "in the control room",
      chat: "in the chat",
      about: "reads about the house",
      elsewhere: "somewhere",
    },
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
    waiting: (calls: number) => (calls === 1 ? "1 message waits to be sent." : `${calls} messages wait to be sent.`),
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

  missing: {
    title: "No such room",
    lead: (path: string) => `There is nothing at ${path}.`,
    back: "Back to the lots",
    code: "This room's page did not arrive: the network failed, or the server has a newer one.",
    reload: "Load the page again",
  },
} as const;
