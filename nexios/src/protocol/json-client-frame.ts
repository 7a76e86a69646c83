import type { ReceivedClientFrame } from "./frame.ts";
import { type Fields, takeCount, takeFlag, takeMs, takeName, takeOptional, takePosition, toFields } from "./json-fields.ts";
import { takeBytes } from "./json-source.ts";

const callIdLimit = 64;
/** The longest token, and the longest name of a client's program. */
const tokenLimit = 8_192;
const clientLimit = 128;

/**
 * Reads one frame of a client; what it does not know in it is passed over.
 * @param path Where the frame stands in its message.
 * @throws NexiosError INVALID_MESSAGE with the path of what is wrong.
 */
export function toClientFrame(value: unknown, path: string): ReceivedClientFrame {
  const fields = toFields(value, path);
  const { values } = fields;
  switch (values["t"]) {
    case "o":
      return {
        kind: "hello",
        token: takeOptional(fields, "token", "token", takeToken),
        client: takeOptional(fields, "client", "client", takeClient),
        inflates: takeFlag(fields, "inflates", "mark of inflating"),
      };
    case "k":
      return { kind: "renew", id: takeCount(fields, "i", "id"), token: takeToken(fields, "token", "token") };
    case "t":
      return { kind: "ping", sentAt: takeMs(fields, "sentAt", "sent time") };
    case "x":
      return { kind: "cancel", id: takeCount(fields, "i", "id") };
    case "j":
      return {
        kind: "join",
        id: takeCount(fields, "i", "id"),
        room: takeName(fields, "r", "room"),
        version: takeCount(fields, "v", "version"),
        since: takeOptional(fields, "p", "position", takePosition),
        presence: values["d"],
      };
    case "l":
      return { kind: "leave", room: takeCount(fields, "r", "room") };
    case "c":
      return {
        kind: "call",
        id: takeCount(fields, "i", "id"),
        room: takeCount(fields, "r", "room"),
        name: takeName(fields, "n", "name"),
        input: takeInput(fields),
        callId: takeName(fields, "q", "call id", callIdLimit),
        isRepeat: takeFlag(fields, "isRepeat", "mark of a repeat"),
      };
    case "q":
      return {
        kind: "ask",
        id: takeCount(fields, "i", "id"),
        room: takeCount(fields, "r", "room"),
        name: takeName(fields, "n", "name"),
        input: takeInput(fields),
      };
    case "g":
      return { kind: "signal", room: takeCount(fields, "r", "room"), name: takeName(fields, "n", "name"), payload: values["d"] };
    case "p":
      return { kind: "presence", room: takeCount(fields, "r", "room"), state: values["d"] };
    case "h":
      return {
        kind: "history",
        id: takeCount(fields, "i", "id"),
        room: takeCount(fields, "r", "room"),
        before: takeCount(fields, "before", "count"),
        limit: takeCount(fields, "limit", "limit"),
      };
    default:
      takeName(fields, "t", "kind");
      return { kind: "unknown", id: takeOptional(fields, "i", "id", takeCount) };
  }
}

/** JSON; or bytes, as base64. */
function takeInput(fields: Fields): unknown {
  const json = fields.values["d"];
  return json === undefined ? takeOptional(fields, "b", "input", takeBytes) : json;
}

function takeToken(fields: Fields, key: string, what: string): string {
  return takeName(fields, key, what, tokenLimit);
}

function takeClient(fields: Fields, key: string, what: string): string {
  return takeName(fields, key, what, clientLimit);
}
