import type { Encoding, EntryFrame, Payload, PersonFrame, ServerFrame } from "./frame.ts";
import { asBase64, assemble, type Piece } from "./json-pieces.ts";
import type { Position } from "./position.ts";

// A frame is one JSON object on a line of its own; what is absent is left out, and a flag is 1. What stands in many frames has one letter, the same in all of them:
//   t kind    i id           r room (join: its name)    n name     p position: [epoch, count, check]
//   c count   k check        g epoch                     a at       v version
//   w why a snapshot         s part    o of parts        h inflatedBytes
//   q call id u user id      e code    m message         f path     y retryAfterMs
//   l list: entries, people, who is put                  x who is dropped          z the end
// All else has the name that it has in frame.ts: `messageBytes`, `afterMs`.
// What the application gave: d as JSON, the last member; or b in base64, with j: 1 where its bytes are JSON nevertheless.
// The input of a client's call or ask: d as JSON; or b in base64, where it is bytes.

const newline = 0x0a;

/** Frames as JSON, for text messages: one a line. An application's JSON stands in them as the very bytes that it gave, and must be JSON. */
export const jsonEncoding: Encoding = {
  name: "json",
  encode: (frame) => assemble(toPieces(frame)),
  join: (frames) => assemble(frames.flatMap((frame, index) => (index === 0 ? [frame] : ["\n", frame]))),
};

function toPieces(frame: ServerFrame): Piece[] {
  switch (frame.kind) {
    case "entry":
      return entry(frame);
    case "welcome": {
      const { now, userId, name, expiresInMs, messageBytes, messageFrames } = frame;
      const who = `"u":${JSON.stringify(userId)},"n":${JSON.stringify(name)}`;
      const takes = `"messageBytes":${messageBytes},"messageFrames":${messageFrames}`;
      return [`{"t":"o",${who},"now":${now}${maybe("expiresInMs", expiresInMs)},${takes}}`];
    }
    case "renewed":
      return [`{"t":"k","i":${frame.id}${maybe("expiresInMs", frame.expiresInMs)}}`];
    case "pong":
      return [`{"t":"t","sentAt":${frame.sentAt},"now":${frame.now}}`];
    case "joined":
      return [`{"t":"j","i":${frame.id},"r":${frame.room}${position(frame.head)}${maybe("w", frame.snapshot)}}`];
    case "snapshot": {
      const head = `{"t":"s","r":${frame.room}${position(frame.position)},"w":"${frame.why}","v":${frame.version},"s":${frame.part},"o":${frame.parts}${maybe("h", frame.inflatedBytes)}`;
      return payload(head, frame.payload, frame.parts === 1);
    }
    case "accepted":
      return json(`{"t":"a","i":${frame.id}${position(frame.position)}`, frame.result);
    case "refused":
      return json(`{"t":"r","i":${frame.id}${position(frame.position)},"e":${JSON.stringify(frame.code)}`, frame.data);
    case "answered":
      return json(`{"t":"q","i":${frame.id}`, frame.value);
    case "failed":
      return [`{"t":"f","i":${frame.id}${fault(frame)}${maybe("y", frame.retryAfterMs)}}`];
    case "history":
      return [`{"t":"h","i":${frame.id},"r":${frame.room}${frame.isEnd ? `,"z":1` : ""},"l":[`, ...separate(frame.entries.map(entry), ","), "]}"];
    case "signal":
      return json(`{"t":"g","r":${frame.room},"n":${JSON.stringify(frame.name)},"u":${JSON.stringify(frame.userId)}`, frame.payload);
    case "people": {
      const head = `{"t":"p","r":${frame.room},"c":${frame.count}`;
      return frame.people === undefined ? [`${head}}`] : [`${head},"l":[`, ...separate(frame.people.map(person), ","), "]}"];
    }
    case "presence":
      return [`{"t":"d","r":${frame.room},"x":${JSON.stringify(frame.drop)},"l":[`, ...separate(frame.put.map(person), ","), "]}"];
    case "left":
      return [`{"t":"l","r":${frame.room},"e":${JSON.stringify(frame.code)}}`];
    case "ignored":
      return [`{"t":"x"${maybe("r", frame.room)}${fault(frame)}${maybe("y", frame.retryAfterMs)}}`];
    case "drain":
      return [`{"t":"z"${maybe("r", frame.room)},"afterMs":${frame.afterMs},"windowMs":${frame.windowMs}}`];
  }
}

function entry({ room, count, check, epoch, at, callId, version, payload: content }: EntryFrame): Piece[] {
  return payload(`{"t":"e","r":${room},"c":${count},"k":${check}${maybe("g", epoch)},"a":${at}${maybe("q", callId)},"v":${version}`, content, true);
}

function person({ userId, name, state }: PersonFrame): Piece[] {
  return json(`{"u":${JSON.stringify(userId)},"n":${JSON.stringify(name)}`, state);
}

function position(place: Position | undefined): string {
  return place === undefined ? "" : `,"p":[${JSON.stringify(place.epoch)},${place.count},${place.check}]`;
}

function fault({ code, message, path }: { readonly code: string; readonly message: string; readonly path: string | undefined }): string {
  return `,"e":${JSON.stringify(code)},"m":${JSON.stringify(message)}${maybe("f", path)}`;
}

function maybe(key: string, value: string | number | undefined): string {
  return value === undefined ? "" : `,"${key}":${JSON.stringify(value)}`;
}

/** @param isWhole A piece of a JSON text is not JSON. */
function payload(head: string, { format, bytes }: Payload, isWhole: boolean): Piece[] {
  if (format === "bytes") return [`${head},"b":"`, asBase64(bytes), '"}'];
  return isWhole ? json(head, bytes) : coveredJson(head, bytes);
}

function json(head: string, bytes: Uint8Array | undefined): Piece[] {
  if (bytes === undefined) return [`${head}}`];
  // A line break between two tokens is JSON, but would end the frame; and nothing at all is not JSON.
  if (bytes.length === 0 || bytes.includes(newline)) return coveredJson(head, bytes);
  return [`${head},"d":`, bytes, "}"];
}

function coveredJson(head: string, bytes: Uint8Array): Piece[] {
  return [`${head},"j":1,"b":"`, asBase64(bytes), '"}'];
}

function separate(items: readonly (readonly Piece[])[], separator: string): Piece[] {
  return items.flatMap((pieces, index) => (index === 0 ? pieces : [separator, ...pieces]));
}
