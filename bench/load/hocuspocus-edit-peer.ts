import { encodeStateAsUpdate, encodeStateVector } from "yjs";

import { createDocument } from "../../nexios/patterns/collab/engine.ts";
import { BinaryReader } from "../../nexios/src/protocol/binary-reader.ts";
import { varintLength, writeVarint } from "../../nexios/src/protocol/varint.ts";
import { CountedSocket, type EditPeer, type EditPeerOptions } from "./edit-peer.ts";

/** The first words of its messages, behind the document's name, and of those of y-protocols in them. */
const types = { sync: 0, auth: 2, status: 8 };
const auths = { token: 0, authenticated: 2 };
const syncs = { step1: 0, step2: 1, update: 2 };

/** Joins a document of Hocuspocus, as its provider does, without awareness. Who keeps nothing looks at no content. */
export function joinHocuspocus({ port, name, documentId, keeps = false, known }: EditPeerOptions): Promise<EditPeer> {
  const { promise, resolve, reject } = Promise.withResolvers<EditPeer>();
  const document = known?.document ?? createDocument();
  let [acknowledged, received] = [0, 0];
  let [hasState, isIn] = [false, false];
  const updates: Uint8Array[] = [];
  const send = (...words: readonly (number | Uint8Array)[]): void => socket.send(toMessage(documentId, words));
  const socket = new CountedSocket(`ws://127.0.0.1:${port}`, undefined, {
    onOpen: () => send(types.auth, auths.token, Buffer.from(name)),
    onMessage: (message) => {
      take(new BinaryReader(message));
      peer.onMessage();
    },
  });
  const peer: EditPeer = {
    // It takes whoever a client says that it is.
    client: 0,
    get acknowledged() {
      return acknowledged;
    },
    get received() {
      return received;
    },
    get bytes() {
      return socket.bytes;
    },
    position: undefined,
    updates,
    onMessage: () => {},
    type: (update) => send(types.sync, syncs.update, update),
    close: () => socket.close(),
  };
  return promise;

  function take(reader: BinaryReader): void {
    reader.text();
    switch (reader.count()) {
      case types.auth:
        if (reader.count() !== auths.authenticated) return reject(new Error("The server lets nobody in"));
        socket.bytes = 0;
        return send(types.sync, syncs.step1, encodeStateVector(document));
      case types.sync:
        return takeSync(reader.count(), reader.take(reader.count()));
      case types.status:
        if (isIn) acknowledged++;
        isIn = true;
        return enter();
      default:
    }
  }

  function takeSync(kind: number, bytes: Uint8Array): void {
    if (kind === syncs.step1) return send(types.sync, syncs.step2, encodeStateAsUpdate(document, bytes));
    if (kind === syncs.step2) hasState = true;
    else received += bytes.length;
    if (keeps) updates.push(bytes.slice());
    enter();
  }

  /** It has answered what it was asked, and got what it asked for. */
  function enter(): void {
    if (hasState && isIn) resolve(peer);
  }
}

/** Numbers as varints, bytes behind their length. */
function toMessage(documentId: string, words: readonly (number | Uint8Array)[]): Uint8Array {
  const all = [Buffer.from(documentId), ...words];
  const length = all.reduce<number>((sum, word) => sum + (typeof word === "number" ? varintLength(word) : varintLength(word.length) + word.length), 0);
  const message = new Uint8Array(length);
  let at = 0;
  for (const word of all) {
    at = writeVarint(typeof word === "number" ? word : word.length, message, at);
    if (typeof word === "number") continue;
    message.set(word, at);
    at += word.length;
  }
  return message;
}
