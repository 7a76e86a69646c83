import { afterEach, expect, test } from "vitest";
import { hostRoom } from "../../nexios/src/contract/host-room.ts";
import { House, type Seat } from "../../nexios/src/rooms/house.fixture.ts";
import { serveBoard } from "./board.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

/** Its messages are counted, and not read. */
function bytesOf(seat: Seat): { readonly bytes: number; readonly messages: number } {
  return { bytes: seat.messages.reduce((sum, { length }) => sum + length, 0), messages: seat.messages.length };
}

test("a member that reads nothing while its room sends 10 MB costs less than its bound and delays nobody, and reads on exactly", async () => {
  const process = await house.open({}, [hostRoom(serveBoard())]);
  const [slow, fast] = [house.connect(process, "slow"), house.connect(process, "fast")];
  for (const seat of [slow, fast]) await house.join(seat, "board/1");
  slow.takes = false;
  const note = (index: number): string => `${index} `.padEnd(100_000, ".");
  const lags: number[] = [];
  const before = bytesOf(slow);

  for (let index = 1; index <= 100; index++) {
    await process.call("board/1", { name: "pin", input: { note: note(index) } });
    lags.push(index - fast.of("entry").length);
  }
  const held = bytesOf(slow).bytes - before.bytes;
  slow.takes = true;
  while (slow.of("entry").length < 100) {
    slow.drain();
    await house.settle();
  }

  expect(held).toBeLessThan(65_536 + 100_200);
  expect(new Set(lags)).toEqual(new Set([0]));
  expect(slow.story).toEqual(fast.story);
  expect(slow.story).toEqual(["@0 new", ...Array.from({ length: 100 }, (_, at) => at + 1)]);
});
