/** What an update adds, as the gate sees it. */
export interface DecodedStruct {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
  /** `text` and `deleted` may stand in a text, `gone` is what was collected; anything else may not. */
  readonly kind: "text" | "deleted" | "gone" | "skip" | "other";
  /** Items that it was put between. */
  readonly origins: readonly { readonly client: number; readonly clock: number }[];
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
