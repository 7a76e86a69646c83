import type { AddressInfo } from "node:net";
import { connect as connectTcp } from "node:net";
import { expect, test } from "vitest";
import { closeFrame, clientFrame, opcodes } from "./client-frames.ts";
import { collectReports } from "./collect-reports.ts";
import { binary, createDoorman, issue, json, openApp, newCallId, visit, visitRoom, type Visitor } from "./realtime-house.ts";

type Bad = (visitor: Visitor, room: number) => void;

/** What is told by a code, and costs its sender nothing more. */
const told: Readonly<Record<string, readonly [Bad, string]>> = {
  "a frame of an unknown kind with an id": [({ peer }) => peer.sendText('{"t":"quantum","i":70}'), "failed 70 INVALID_MESSAGE"],
  "a room of no contract": [(visitor) => visitor.send(visitor.join("nothing/here", { id: 70 })), "failed 70 NOT_FOUND"],
  "the framework's own room": [(visitor) => visitor.send(visitor.join("nexios/rights", { id: 70, version: 1 })), "failed 70 FORBIDDEN"],
  "a call to a room that it is not in": [(visitor) => visitor.send({ ...visitor.call(9_999, "say", "x"), id: 70 }), "failed 70 NOT_FOUND"],
  "a call that the contract does not have": [(visitor, room) => visitor.send({ ...visitor.call(room, "constructor", "x"), id: 70 }), "failed 70 NOT_FOUND"],
  "an input of a wrong type": [
    (visitor, room) => visitor.send({ ...visitor.call(room, "say", "x"), id: 70, input: { word: 7 } }),
    "failed 70 INVALID_MESSAGE word",
  ],
  "a call id that is no UUID": [(visitor, room) => visitor.send({ ...visitor.call(room, "say", "x", "mine"), id: 70 }), "failed 70 INVALID_MESSAGE callId"],
  "a call id of another year": [(visitor, room) => visitor.send({ ...visitor.call(room, "say", "x", newCallId(0)), id: 70 }), "failed 70 EXPIRED"],
  "a signal of a wrong type": [(visitor, room) => visitor.send({ kind: "signal", room, name: "wave", payload: 7 }), "ignored INVALID_MESSAGE"],
  "a presence of a wrong type": [(visitor, room) => visitor.send({ kind: "presence", room, state: { at: "here" } }), "ignored INVALID_MESSAGE at"],
};

/** What ends its sender's connection, by code and reason, with what it is told before. */
const ended: Readonly<Record<string, readonly [Bad, string]>> = {
  "no JSON": [({ peer }) => peer.sendText("hello"), "ignored BAD_JSON 0, 4400 BAD_JSON"],
  "a frame that is no object": [({ peer }) => peer.sendText("[1]"), "ignored INVALID_MESSAGE 0, 4400 INVALID_MESSAGE"],
  "a field of a wrong type": [({ peer }) => peer.sendText('{"t":"t","sentAt":1}\n{"t":"l","r":"x"}'), "ignored INVALID_MESSAGE 1.r, 4400 INVALID_MESSAGE"],
  "JSON of 10,000 levels": [({ peer }) => peer.sendText("[".repeat(10_000) + "]".repeat(10_000)), "ignored BAD_JSON 0, 4400 BAD_JSON"],
  "a key __proto__": [({ peer }) => peer.sendText('{"t":"t","sentAt":1,"__proto__":{}}'), "ignored BAD_JSON 0, 4400 BAD_JSON"],
  "a binary message where text is spoken": [({ peer }) => peer.sendBytes(new Uint8Array(4)), "ignored WRONG_FRAME, 4400 WRONG_FRAME"],
  "a message of 64 KiB and a byte": [({ peer }) => peer.sendText("x".repeat(65_537)), "1009"],
  "a megabyte of nulls": [({ peer }) => peer.sendText(`[${"null,".repeat(200_000)}null]`), "1009"],
  "a second hello": [(visitor) => visitor.send(visitor.hello("x")), "4400 a second hello"],
};

function describe({ frames }: Visitor): string[] {
  return frames.flatMap((frame) => {
    if (frame.kind === "failed") return [["failed", frame.id, frame.code, frame.path].filter((part) => part !== undefined).join(" ")];
    return frame.kind === "ignored" ? [["ignored", frame.code, frame.path].filter((part) => part !== undefined).join(" ")] : [];
  });
}

test.each(Object.entries(told))("is told by a code, and the connection goes on: %s", async (_what, [send, expected]) => {
  await using app = openApp(createDoorman());
  const { visitor, room } = await visitRoom(app, "ann");

  send(visitor, room);
  const said = await visitor.say(room, "still here");

  expect(said.kind).toBe("accepted");
  expect(describe(visitor)).toEqual([expected]);
});

test.each(Object.entries(ended))("ends that connection alone, and by a code: %s", async (_what, [send, expected]) => {
  using reports = collectReports();
  await using app = openApp(createDoorman());
  const { visitor: bob, room } = await visitRoom(app, "bob");
  const { visitor } = await visitRoom(app, "ann");

  send(visitor, room);
  visitor.peer.sendText('{"t":"never read"');
  const said = await bob.say(room, "calm");
  const { code, reason } = await visitor.peer.closed;
  await visitor.next("drain").catch(() => undefined);

  expect([...describe(visitor), `${code} ${reason}`.trim()].join(", ")).toBe(expected);
  expect(said.kind).toBe("accepted");
  expect(await bob.heard(1)).toEqual(["calm"]);
  expect(bob.frames.map(({ kind }) => kind).filter((kind) => kind !== "people" && kind !== "presence")).toEqual(["welcome", "snapshot"]);
  expect(reports.of("error")).toEqual([]);
});

test("a message of which one frame is wrong is not taken at all", async () => {
  await using app = openApp(createDoorman());
  const { visitor: bob, room } = await visitRoom(app, "bob");
  const { visitor: ann } = await visitRoom(app, "ann");
  const call = ann.call(room, "say", "half");

  ann.peer.sendText(`{"t":"c","i":1,"r":${room},"n":"say","q":"${call.callId}","d":{"word":"half"}}\n{"t":"c"}`);
  await ann.peer.closed;
  await bob.say(room, "whole");

  expect(await bob.heard(1)).toEqual(["whole"]);
});

test("the first frame must be a hello", async () => {
  await using app = openApp(createDoorman());
  const visitor = await visit(app);

  visitor.send(visitor.call(1, "say", "x"), visitor.hello(await issue(app, "ann")));

  expect(await visitor.peer.closed).toEqual({ code: 4401, reason: "the first frame must be a hello" });
});

test("a binary message that is cut off is no frame, and text is none either", async () => {
  await using app = openApp(createDoorman());
  const [cut, text] = [await visitRoom(app, "ann", "words/1", binary), await visitRoom(app, "bob", "words/1", binary)];

  cut.visitor.peer.sendBytes(Uint8Array.of(200, 1, 0));
  text.visitor.peer.sendText("{}");

  expect([await cut.visitor.peer.closed, await text.visitor.peer.closed]).toEqual([
    { code: 4400, reason: "INVALID_MESSAGE" },
    { code: 4400, reason: "WRONG_FRAME" },
  ]);
});

test("a text that is no UTF-8 is closed with 1007, over a real socket", async () => {
  await using app = openApp(createDoorman());
  const { url } = await app.listen({ port: 0 });
  const socket = connectTcp({ port: Number(new URL(url).port), host: "127.0.0.1" } satisfies Partial<AddressInfo> & { host: string });
  const received: Buffer[] = [];
  socket.on("data", (part: Buffer) => received.push(part));

  socket.write(
    `GET /realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}\r\nSec-WebSocket-Protocol: ${json}\r\n\r\n`,
  );
  socket.write(clientFrame(opcodes.text, Uint8Array.of(0x22, 0xff, 0xfe, 0x22)));
  socket.write(closeFrame(1000));
  await new Promise((resolve) => socket.once("close", resolve));

  expect(Buffer.concat(received).subarray(-4).toString("hex")).toBe("880203ef");
});
