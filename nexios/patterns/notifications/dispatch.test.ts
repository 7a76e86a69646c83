import type { Handling } from "nexios";
import { expect, test } from "vitest";
import { Dispatch } from "./dispatch.ts";
import { PaperInbox } from "./paper-inbox.fixture.ts";
import type { SendOutcome } from "./sender.ts";

test("where a report can't be stored, another try does not begin before what is under way has ended", async () => {
  const inbox = new PaperInbox();
  inbox.append([{ kind: "endpointAdded", endpoint: { id: "e3", channel: "push", label: "Desk", sealed: "", at: inbox.now } }]);
  inbox.create();
  inbox.pass(2_000);
  const due = inbox.entries.find((entry) => entry.kind === "due");
  if (due?.kind !== "due") throw new Error("It is not due");
  const slow = Promise.withResolvers<SendOutcome>();
  const reported: string[] = [];
  const secret = { address: "" };
  const dispatch = new Dispatch({
    channel: "push",
    sender: { send: async (_outgoing, { id }) => (id === "e1" ? { kind: "sent" } : slow.promise) },
    giveUpMs: 1_000_000,
    digestTitle: () => "",
    now: () => inbox.now,
    stateOf: async () => inbox.state,
    inboxes: {
      postpone: async () => true,
      open: (_userId, endpoints) => endpoints.map(({ id, channel }) => ({ id, channel, secret })),
      async delivered(_userId, { endpoint }) {
        if (endpoint === "e1") throw new Error("The store is away");
        reported.push(endpoint);
        return true;
      },
    },
  });

  // Nothing else of it is asked for.
  const handling = { params: { userId: "ann" }, attempt: 1, signal: new AbortController().signal } as unknown as Handling;
  const ended: string[] = [];
  const handled = dispatch.handle(due, handling).catch((error: Error) => ended.push(error.message));
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));

  expect(ended).toEqual([]);
  slow.resolve({ kind: "sent" });
  await handled;
  expect([reported, ended]).toEqual([["e3"], ["The store is away"]]);
});

test("an inbox is read once for each try, and what is secret of its endpoints is opened from that", async () => {
  const inbox = new PaperInbox();
  inbox.create();
  inbox.pass(2_000);
  const due = inbox.entries.find((entry) => entry.kind === "due");
  if (due?.kind !== "due") throw new Error("It is not due");
  let reads = 0;
  const sent: string[] = [];
  const dispatch = new Dispatch({
    channel: "push",
    sender: {
      async send(_outgoing, { id }) {
        sent.push(id);
        return { kind: "sent" };
      },
    },
    giveUpMs: 1_000_000,
    digestTitle: () => "",
    now: () => inbox.now,
    async stateOf() {
      reads++;
      return inbox.state;
    },
    inboxes: {
      open: (_userId, endpoints) => endpoints.map(({ id, channel }) => ({ id, channel, secret: { address: "" } })),
      postpone: async () => true,
      delivered: async () => true,
    },
  });

  // Nothing else of it is asked for.
  await dispatch.handle(due, { params: { userId: "ann" }, attempt: 1, signal: new AbortController().signal } as unknown as Handling);

  expect([reads, sent]).toEqual([1, ["e1"]]);
});
