import { WebSocket } from "ws";

import type { TextDocument } from "../../nexios/patterns/collab/engine.ts";
import type { Position } from "../../nexios/src/protocol/position.ts";

/** What somebody has of a document who was there before. */
export interface Known {
  readonly position: Position | undefined;
  readonly document: TextDocument;
}

export interface EditPeerOptions {
  readonly port: number;
  readonly name: string;
  readonly documentId: string;
  /** Keeps the updates that come; others are only counted. */
  readonly keeps?: boolean;
  readonly known?: Known;
}

/** Somebody in a document who speaks a server's protocol by hand. */
export interface EditPeer {
  /** Under which it types; 0 for whoever may choose. */
  readonly client: number;
  /** Of its edits, how many were acknowledged. */
  readonly acknowledged: number;
  /** What has come since it was there, in a measure that is the same for all who have got the same. */
  readonly received: number;
  /** What has come, if it keeps that. */
  readonly updates: readonly Uint8Array[];
  readonly position: Position | undefined;
  /** Bytes of messages since it was known who it is, both ways. */
  readonly bytes: number;
  /** Told after each message. */
  onMessage: () => void;
  type(update: Uint8Array): void;
  close(): void;
}

/** A WebSocket of bytes, whose messages are counted. */
export class CountedSocket {
  bytes = 0;
  readonly #socket: WebSocket;

  constructor(
    url: string,
    protocol: string | undefined,
    { onOpen, onMessage }: { readonly onOpen: () => void; readonly onMessage: (message: Buffer) => void },
  ) {
    this.#socket = protocol === undefined ? new WebSocket(url, { perMessageDeflate: false }) : new WebSocket(url, protocol, { perMessageDeflate: false });
    this.#socket.on("open", onOpen);
    this.#socket.on("message", (message: Buffer) => {
      this.bytes += message.length;
      onMessage(message);
    });
    // Of a server that is killed; what that means is for whoever has killed it.
    this.#socket.on("error", () => undefined);
  }

  send(message: Uint8Array): void {
    this.bytes += message.length;
    this.#socket.send(message);
  }

  close(): void {
    this.#socket.terminate();
  }
}
