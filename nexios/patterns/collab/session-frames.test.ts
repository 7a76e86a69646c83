import { browserWorld, NexiosError } from "nexios/client";
import { afterEach, expect, test, vi } from "vitest";
import { Desk } from "./session-desk.fixture.ts";

let desk: Desk;

afterEach(() => desk.close());

for (const isJson of [true, false]) {
  test(`a text of any length is stored whole ${isJson ? "on the JSON wire" : "on the binary wire"}, also one that is just as long as an edit may be`, async () => {
    desk = await Desk.open();
    const { session } = desk.write("ann", {}, { isJson });
    await session.opened();
    const texts = ["x".repeat(48_000), "x".repeat(50_000), "x".repeat(65_500), "é".repeat(32_700), "語😀".repeat(9_300), "x".repeat(200_000)];

    for (const each of texts) {
      session.edit((text) => text.insert(0, each));
      await session.saved();
    }

    expect(session.refusals).toEqual([]);
    expect((await desk.documents.text("1")) === texts.toReversed().join("")).toBe(true);
  });
}

test("a server that takes smaller frames than others gets smaller parts, of what is deleted too", async () => {
  desk = await Desk.open({ messageBytes: 3_000 });
  const { session } = desk.write("ann", {}, { isJson: true });
  await session.opened();

  session.edit((text) => text.insert(0, "ab".repeat(20_000)));
  session.edit((text) => {
    for (let at = 0; at < 2_000; at++) text.delete(at, 1);
  });
  await session.saved();

  expect(session.refusals).toEqual([]);
  expect((await desk.documents.text("1")) === `${"b".repeat(2_000)}${"ab".repeat(18_000)}`).toBe(true);
});

test("what no frame takes is handed back, and what is written afterwards is stored", async () => {
  desk = await Desk.open();
  const after = (_ms: number, fire: () => void): (() => void) => browserWorld.clock.after(0, fire);
  const { session } = desk.write("ann", { clock: { after } });
  await session.opened();
  const call = vi.spyOn(session.room, "call").mockRejectedValue(new NexiosError("LIMIT", "More than 1 byte"));

  session.edit((text) => text.insert(0, "too long"));
  await session.saved();
  call.mockRestore();
  await vi.waitFor(() => expect(session.canWrite).toBe(true));
  session.edit((text) => text.insert(0, "short"));
  await session.saved();

  expect(session.refusals).toEqual([{ code: "TOO_LARGE", text: "too long" }]);
  expect(await desk.documents.text("1")).toBe("short");
});
