import type { ClientFrame } from "./frame.ts";
import { invalid, takeCount, takeFlag, takeName, takeOptional, takePosition, toFields } from "./json-fields.ts";

const callIdLimit = 64;

/**
 * Reads one frame of a client; what it does not know in it is passed over.
 * @param path Where the frame stands in its message.
 * @throws NexiosError INVALID_MESSAGE with the path of what is wrong.
 */
export function toClientFrame(value: unknown, path: string): ClientFrame {
  const fields = toFields(value, path);
  const { values } = fields;
  switch (values["t"]) {
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
        input: values["d"],
        callId: takeName(fields, "q", "call id", callIdLimit),
        isRepeat: takeFlag(fields, "y", "mark of a repeat"),
      };
    case "q":
      return {
        kind: "ask",
        id: takeCount(fields, "i", "id"),
        room: takeCount(fields, "r", "room"),
        name: takeName(fields, "n", "name"),
        input: values["d"],
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
        before: takeCount(fields, "c", "count"),
        limit: takeCount(fields, "h", "limit"),
      };
    default:
      throw invalid(fields, "t", "There is no frame of this kind");
  }
}
