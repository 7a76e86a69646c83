/** The words of the page about the house. */
export const about = {
  title: "About the house",
  lead: "The Saleroom is a small live auction house, made to show what Nexios does. What you see in it is what its server does at this moment.",
  rooms: "The rooms",
  two: "Two people on one screen",
  twoLead: "Open a second tab and put it beside this one: bid against yourself, and see what each of you is told.",
  catalogue: {
    lots: ["Lots", "All lots with live price and time left; bidding with a secret maximum."],
    mine: ["My bids", "Where you lead, where you were outbid, what you have won, and what is held for it."],
    rostrum: ["Rostrum", "The auctioneer's desk: list a lot of your own, and bring the hammer down."],
    control: ["Control room", "Requests, visitors and health of this very server, a frame a second."],
    chat: ["Chat", "What is said in the house: kept, and caught up with after any trouble."],
    desk: ["Desk", "The catalogue's texts, written by several people at once."],
    inbox: ["Inbox", "Outbid, won, closing soon: what concerns you, and only you."],
  },
} as const;
