import { chatKind } from "./kinds/chat.ts";
import { counterKind } from "./kinds/counter.ts";
import type { RoomKind } from "./kinds/kind.ts";
import { lotKind } from "./kinds/lot.ts";
import { recordKind } from "./kinds/record.ts";
import { sheetKind } from "./kinds/sheet.ts";

/** The rooms that `npm run simulate` runs. */
export const roomKinds: readonly RoomKind[] = [counterKind, chatKind, lotKind, sheetKind, recordKind];
