import { encodeEdit } from "nexios/collab";

import { makeCallId } from "../../commands/torture/chance.ts";
import { decodeDocument, encodeMissing, createDocument } from "../../nexios/patterns/collab/engine.ts";
import { decodeEdit } from "../../nexios/patterns/collab/entry.ts";
import { decodeBinaryServerFrames } from "../../nexios/src/protocol/binary-decoding.ts";
import { encodeBinaryClientFrames } from "../../nexios/src/protocol/binary-encoding.ts";
import { serverKinds } from "../../nexios/src/protocol/binary-kinds.ts";
import { BinaryReader } from "../../nexios/src/protocol/binary-reader.ts";
import type { ClientFrame, ServerFrame } from "../../nexios/src/protocol/frame.ts";
import type { Position } from "../../nexios/src/protocol/position.ts";
import { CountedSocket, type EditPeer, type EditPeerOptions } from "./edit-peer.ts";

const joinId = 1;
const openId = 2;
/** So that the server sees that it lives. */
const pingMs = 5_000;

/** Joins a document of ours. Who keeps nothing looks at no content. */
export function joinNexios({ port, name, documentId, keeps = false, known }: EditPeerOptions): Promise<EditPeer> {
  const { promise, resolve, reject } = Promise.withResolvers<EditPeer>();
  let [room, client, acknowledged, received, lastId] = [0, 0, 0, 0, openId];
  let isIn = false;
  let openedAt = Infinity;
  let position: Position | undefined = known?.position;
  const updates: Uint8Array[] = [];
  const parts: Uint8Array[] = [];
  const send = (...frames: readonly ClientFrame[]): void => socket.send(encodeBinaryClientFrames(frames));
  const socket = new CountedSocket(`ws://127.0.0.1:${port}/realtime`, "nexios.v1.bin", {
    onOpen: () => send({ kind: "hello", token: name, client: "bench", inflates: false }),
    onMessage: (message) => {
      if (isIn && !keeps) received += countEntries(message);
      else for (const frame of decodeBinaryServerFrames(message)) take(frame);
      peer.onMessage();
    },
  });
  const pinging = setInterval(() => isIn && send({ kind: "ping", sentAt: 0 }), pingMs);
  const peer: EditPeer = {
    get client() {
      return client;
    },
    get acknowledged() {
      return acknowledged;
    },
    get received() {
      return received;
    },
    get position() {
      return position;
    },
    get bytes() {
      return socket.bytes;
    },
    updates,
    onMessage: () => {},
    type: (update) => send({ kind: "call", id: ++lastId, room, name: "edit", input: encodeEdit(client, update), callId: makeCallId(), isRepeat: false }),
    close: () => {
      clearInterval(pinging);
      socket.close();
    },
  };
  return promise;

  function take(frame: ServerFrame): void {
    switch (frame.kind) {
      case "welcome":
        socket.bytes = 0;
        return send({ kind: "join", id: joinId, room: `document/${documentId}`, version: 1, since: known?.position, presence: undefined });
      case "joined":
        room = frame.room;
        if (!keeps) enter();
        else if (known === undefined) send({ kind: "call", id: openId, room, name: "open", input: { isAlone: false }, callId: makeCallId(), isRepeat: false });
        else enter();
        return;
      case "snapshot":
        position = frame.position;
        parts.push(frame.payload.bytes);
        if (frame.part + 1 === frame.parts) updates.push(toUpdate(Buffer.concat(parts.splice(0))));
        return;
      case "entry": {
        position = { epoch: frame.epoch ?? position?.epoch ?? "", count: frame.count, check: frame.check };
        const edit = decodeEdit(frame.payload.bytes);
        received++;
        if (edit !== undefined) updates.push(edit.update);
        return enterWhenThere();
      }
      case "accepted":
        if (frame.id !== openId) return void acknowledged++;
        // What the server says of itself.
        ({ client } = JSON.parse(Buffer.from(frame.result ?? []).toString()) as { readonly client: number });
        openedAt = frame.position.count;
        return enterWhenThere();
      case "refused":
      case "failed":
      case "left":
      case "ignored":
        return reject(new Error(`The server says ${JSON.stringify(frame)}`));
      default:
    }
  }

  /** The reply to `open` and its entry come in any order. */
  function enterWhenThere(): void {
    if (!isIn && openedAt <= (position?.count ?? 0)) enter();
  }

  function enter(): void {
    isIn = true;
    received = 0;
    resolve(peer);
  }
}

/** How many entries a message has, without a look at them. */
function countEntries(message: Uint8Array): number {
  let entries = 0;
  for (const reader = new BinaryReader(message); reader.left > 0;) if (reader.take(reader.count())[0] === serverKinds.entry) entries++;
  return entries;
}

/** The document of a state: behind its people, as an update. */
function toUpdate(state: Uint8Array): Uint8Array {
  const peopleBytes = new DataView(state.buffer, state.byteOffset).getUint32(0);
  return encodeMissing(decodeDocument(state.subarray(4 + peopleBytes)), createDocument());
}
