// oxlint-disable vitest/expect-expect -- the compiler asserts: each wrong use below must be one.
import { expect, test } from "vitest";
import type { Client, ClientRoom } from "../client/index.ts";
import { floor, lot } from "../contract/rooms.fixture.ts";
import {
  ConnectionBanner,
  RealtimeProvider,
  useCall,
  useConnection,
  useHistory,
  useOthers,
  useRoom,
  useRoomState,
  useRoomValue,
  useSelf,
  useServerNow,
  useSignal,
} from "./index.ts";

declare const client: Client;
declare const room: ClientRoom<typeof lot>;

/** Never run: hooks are only for components. */
function compiled(_use: () => unknown): void {}

test("a room's types reach its state, calls, people, signals and history", () => {
  compiled((): ClientRoom<typeof lot> => useRoom(lot, { lotId: "1" }).room);
  compiled((): ClientRoom<typeof lot> | undefined => useRoom(lot, null).room);
  compiled((): ClientRoom<typeof lot> | undefined => useRoom(Math.random() > 0.5 ? lot : null, { lotId: "1" }, { presence: { name: "Ann" } }).room);
  compiled((): number | undefined => useRoomState(room)?.price);
  compiled((): number | undefined => useRoomState(room, (state) => state.price));
  compiled((): readonly [number] | undefined =>
    useRoomState(
      room,
      (state) => [state.price] as const,
      ([a], [b]) => a === b,
    ),
  );
  compiled((): number | undefined => useRoomState(undefined as ClientRoom<typeof lot> | undefined, (state) => state.price));
  compiled((): number | undefined => useRoomValue(room, ({ pending }) => pending.length));
  compiled((): readonly string[] => useOthers(room, (others) => others.map(({ state }) => state.name)));
  compiled((): string | undefined => useOthers(room)[0]?.state.name);
  compiled((): string | undefined => useSelf(room)?.state.name);
  compiled(async (): Promise<boolean | undefined> => {
    const outcome = await useCall(room, "bid").call({ maximum: 5 }, { deadlineMs: 100 });
    return outcome?.kind === "accepted" ? outcome.result.leading : undefined;
  });
  compiled((): Promise<unknown> => useCall(room, "note").call());
  compiled((): undefined => useCall(room, "note").refusal);
  compiled((): number | undefined => {
    const { refusal } = useCall(room, "bid");
    switch (refusal?.code) {
      case "TOO_LOW":
        return refusal.data.minimum;
      case "CLOSED":
      case undefined:
        return undefined;
    }
  });
  compiled(() => useSignal(room, "wave", ({ payload, userId }): string => payload.to + userId));
  compiled((): string | undefined => {
    const entry = useHistory(room).entries[0]?.value;
    return entry?.kind === "bid" ? entry.paddle : undefined;
  });
  compiled((): string | undefined => useConnection().user?.name);
  compiled((): number => useServerNow(250).now + useServerNow().bound);
  compiled(() => RealtimeProvider({ client, children: ConnectionBanner({ words: { tryNow: "Jetzt" } }) }));

  expect(floor.path).toBe("floor/{saleId}");
});

test("what a contract does not have does not compile", () => {
  // @ts-expect-error the path names another parameter
  compiled(() => useRoom(lot, { saleId: "1" }));
  // @ts-expect-error a parameter is missing
  compiled(() => useRoom(lot, {}));
  // @ts-expect-error a presence of another type
  compiled(() => useRoom(lot, { lotId: "1" }, { presence: { paddle: 7 } }));
  // @ts-expect-error the room may be none
  compiled((): string => useRoom(lot, null).room.name);
  // @ts-expect-error before the first snapshot there is no state
  compiled((): number => useRoomState(room).price);
  // @ts-expect-error before the first snapshot nothing is selected
  compiled((): number => useRoomState(room, (state) => state.price));
  // @ts-expect-error the state has no such member
  compiled(() => useRoomState(room, (state) => state.cost));
  // @ts-expect-error no such call
  compiled(() => useCall(room, "bit"));
  // @ts-expect-error a question is no call
  compiled(() => useCall(room, "mine"));
  // @ts-expect-error an input of another type
  compiled(() => useCall(room, "bid").call({ maximum: "5" }));
  // @ts-expect-error an input is needed
  compiled(() => useCall(room, "bid").call());
  // @ts-expect-error this call takes none
  compiled(() => useCall(room, "note").call({ maximum: 5 }));
  // @ts-expect-error no such refusal
  compiled(() => useCall(room, "bid").refusal?.code === "TOO_HIGH");
  // @ts-expect-error no such signal
  compiled(() => useSignal(room, "nod", () => {}));
  // @ts-expect-error the payload has no such member
  compiled(() => useSignal(room, "wave", ({ payload }) => payload.from));
  // @ts-expect-error a presence has no such member
  compiled(() => useOthers(room, (others) => others.map(({ state }) => state.x)));
  // @ts-expect-error no such word
  compiled(() => ConnectionBanner({ words: { tryAgain: "Try again" } }));

  expect(lot.path).toBe("auction/{lotId}");
});
