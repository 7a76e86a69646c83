import type { Encoding, ServerFrame } from "../protocol/frame.ts";
import type { Delivery } from "./delivery.ts";
import type { RoomLimits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { Member } from "./member.ts";

/** The members of a room that are here, told what is no entry. A frame is encoded once, whatever their number. */
export class Audience {
  readonly #delivery: Delivery;
  readonly #limits: RoomLimits;

  constructor(delivery: Delivery, limits: RoomLimits) {
    this.#delivery = delivery;
    this.#limits = limits;
  }

  tell({ line }: Member, frame: ServerFrame): void {
    line.send(line.encoding.join([line.encoding.encode(frame)]));
  }

  /** To everybody. Who is too slow, or is being asked for a right, is marked, to be told who is here when its socket has taken everything. */
  tellAll(frame: ServerFrame): void {
    const encode = encoder(frame);
    for (const member of this.#delivery.members()) {
      // Who is owed the list gets no change before it.
      const isOwed = member.isPeopleDue && frame.kind === "presence";
      if (isOwed || member.isSuspended || member.line.unsentBytes > this.#limits.unsentBytes) member.isPeopleDue = true;
      else member.line.send(encode(member.line.encoding));
    }
  }

  /** To everybody but `from` who can take it now; it is kept for nobody. */
  signal(frame: ServerFrame & { readonly kind: "signal" }, from: Line | undefined): void {
    const encode = encoder(frame);
    for (const { line, isSuspended } of this.#delivery.members()) {
      if (line !== from && !isSuspended && line.unsentBytes <= this.#limits.signalUnsentBytes) line.send(encode(line.encoding));
    }
  }
}

function encoder(frame: ServerFrame): (encoding: Encoding) => Uint8Array {
  const messages = new Map<Encoding, Uint8Array>();
  return (encoding) => {
    const message = messages.get(encoding) ?? encoding.join([encoding.encode(frame)]);
    messages.set(encoding, message);
    return message;
  };
}
