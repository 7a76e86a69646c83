/** This bit of a frame's first byte says that its header begins with an id. */
export const idBit = 0x80;

/** A frame without a layout of its own: its payload is its JSON form. */
export const jsonKind = 0;

/** The first bytes of a server's frames that have a layout of their own: the letter of the JSON form, and the bit of an id. */
export const serverKinds = { entry: 0x65, snapshot: 0x73, signal: 0x67, accepted: 0xe1, refused: 0xf2, answered: 0xf1 } as const;

/** As `serverKinds`, of a client's frames. */
export const clientKinds = { call: 0xe3, ask: 0xf1, signal: 0x67 } as const;

/** What the bits of a header's flags mean, the same in every kind. */
export const flags = {
  /** There is a payload. */
  payload: 0x01,
  /** It is bytes, and no JSON. */
  bytes: 0x02,
  /** There is a position, or the epoch of an entry. */
  place: 0x04,
  /** There is a call id, in 16 bytes. */
  uuid: 0x08,
  /** There is a call id, as a text. */
  callId: 0x10,
  repeat: 0x20,
  /** There is the size of what is deflated. */
  inflated: 0x40,
} as const;

/** Why there is a snapshot, by number. */
export const snapshotReasons = ["new", "gap", "epoch", "far"] as const;
