export { accept, refuse, type Accepted, type Refused } from "./decision.ts";
export type { Schema, Unchecked } from "./check.ts";
export type { Codec, Format, Upgrade } from "./codec.ts";
export { defineRoom, type RoomDefinition, type UnfoldedRoom } from "./define-room.ts";
export type { Fold, Initial, Reading } from "./fold.ts";
export type {
  AcceptedOutcome,
  Answer,
  AnsweredOutcome,
  CallName,
  Entry,
  Input,
  Kept,
  Outcome,
  Presence,
  QuestionName,
  RefusedOutcome,
  Signal,
  SignalName,
  State,
} from "./outcome.ts";
export { parseRoomName, toRoomName, type Params } from "./path.ts";
export type { RoomContract, RoomFacts } from "./room-contract.ts";
export type { FoldedSecret, SecretDefinition, UnfoldedSecret } from "./secret-room.ts";
export type { CallContext, Decision, Grant, PrepareContext, QuestionContext, RequestContext, RoomUser, ServeOptions, WakeContext } from "./serve-options.ts";
export type { ServedRoom } from "./served-room.ts";
export type { CallDefinition, LogKind, QuestionDefinition } from "./shape.ts";
export { type, type Type, type TypeOf } from "./type.ts";
export type { Position } from "../protocol/position.ts";
