/** One unit of a text: the how manieth of a client. */
export interface UnitId {
  readonly client: number;
  readonly clock: number;
}

/** What an update adds, as the gate sees it. */
export interface DecodedStruct {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
  /** `text` and `deleted` may stand in a text, `gone` is what was collected; anything else may not. */
  readonly kind: "text" | "deleted" | "gone" | "skip" | "other";
  /** The unit that it was put behind, and the one before which it was put: `null` at the beginning, and at the end. */
  readonly origin: UnitId | null;
  readonly rightOrigin: UnitId | null;
  /** Where it was put, if the update says so: the name of a root, or something else. */
  readonly parent: "text" | "other" | undefined;
}

/** A stretch that an update deletes. */
export interface DecodedDelete {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** An update, taken apart. */
export interface DecodedUpdate {
  readonly structs: readonly DecodedStruct[];
  readonly deletes: readonly DecodedDelete[];
  /** As an honest client makes it: what is of one client stands together, and nothing is empty. Of two stretches of one client Yjs takes in only the last. */
  readonly isOrderly: boolean;
}

/** A piece as it lies in a document: what Yjs has of it. */
export interface PieceInPlace {
  readonly id: UnitId;
  readonly length: number;
  readonly origin: UnitId | null;
  readonly rightOrigin: UnitId | null;
  readonly right: PieceInPlace | null;
  readonly deleted: boolean;
}

/** A piece of text, of one hand. */
export interface TextPiece {
  readonly client: number;
  readonly clock: number;
  readonly text: string;
  readonly isDeleted: boolean;
}

/** A change of the text, at its place after those before it. */
export interface TextChange {
  readonly at: number;
  readonly deleted: number;
  readonly inserted: string;
}
