import * as Y from "yjs";

type Unit = readonly [client: number, clock: number];

/** A piece as somebody may send it: text behind and before units, deleted text, or what was collected. */
export type ForgedPiece =
  | { readonly text: string; readonly origin?: Unit | undefined; readonly rightOrigin?: Unit | undefined }
  | { readonly deleted: number; readonly origin?: Unit | undefined; readonly rightOrigin?: Unit | undefined }
  | { readonly gone: number };

/** Pieces of a client that follow each other. */
export interface ForgedStretch {
  readonly client: number;
  readonly clock: number;
  readonly pieces: readonly ForgedPiece[];
}

/** An update that says whatever one wants. */
export function forgeUpdate(
  stretches: readonly ForgedStretch[],
  deletes: readonly (readonly [client: number, clock: number, length: number])[] = [],
): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  encoder.writeLen(stretches.length);
  for (const { client, clock, pieces } of stretches) {
    encoder.writeLen(pieces.length);
    encoder.writeClient(client);
    encoder.writeLen(clock);
    for (const piece of pieces) writePiece(encoder, piece);
  }
  const clients = Map.groupBy(deletes, ([client]) => client);
  encoder.writeLen(clients.size);
  for (const [client, ranges] of clients) {
    encoder.writeLen(client);
    encoder.writeLen(ranges.length);
    for (const [, clock, length] of ranges) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(length);
    }
  }
  return encoder.toUint8Array();
}

function writePiece(encoder: Y.UpdateEncoderV1, piece: ForgedPiece): void {
  if ("gone" in piece) {
    encoder.writeInfo(0);
    return encoder.writeLen(piece.gone);
  }
  const { origin, rightOrigin } = piece;
  encoder.writeInfo(("text" in piece ? 4 : 1) | (origin === undefined ? 0 : 0x80) | (rightOrigin === undefined ? 0 : 0x40));
  if (origin !== undefined) encoder.writeLeftID(Y.createID(...origin));
  if (rightOrigin !== undefined) encoder.writeRightID(Y.createID(...rightOrigin));
  if (origin === undefined && rightOrigin === undefined) {
    encoder.writeParentInfo(true);
    encoder.writeString("text");
  }
  if ("text" in piece) encoder.writeString(piece.text);
  else encoder.writeLen(piece.deleted);
}
