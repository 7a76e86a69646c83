import { expect, test } from "vitest";
import { Line, type LineStatus, type Socket, type SocketListener, type TokenOutcome } from "./line.ts";

class FakeSocket implements Socket {
  isClosed = false;
  readonly token: string;
  readonly listener: SocketListener;

  constructor(token: string, listener: SocketListener) {
    this.token = token;
    this.listener = listener;
  }

  close(): void {
    this.isClosed = true;
  }

  say(data: unknown): void {
    this.listener.onMessage(data);
  }

  end(code: number): void {
    this.listener.onClose(code);
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

/** A line in a world whose clock moves only by `advance`. */
function createRig(tokens: TokenOutcome[] = []) {
  const sockets: FakeSocket[] = [];
  const statuses: LineStatus[] = [];
  const asked: boolean[] = [];
  const texts: string[] = [];
  let now = 0;
  let timers: { at: number; task: () => void }[] = [];
  const line = new Line({
    world: {
      openSocket: (token, listener) => {
        const socket = new FakeSocket(token, listener);
        sockets.push(socket);
        return socket;
      },
      now: () => now,
      random: () => 1,
      after: (delayMs, task) => {
        const timer = { at: now + delayMs, task };
        timers.push(timer);
        return () => (timers = timers.filter((other) => other !== timer));
      },
    },
    token: async (fresh) => {
      asked.push(fresh);
      return tokens.shift() ?? { kind: "token", token: `token ${asked.length}` };
    },
    onText: (text) => texts.push(text),
    onStatus: (status) => statuses.push(status),
  });
  const advance = async (ms: number) => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { task } of due) task();
    await settle();
  };
  const socket = () => sockets.at(-1)!; // each test has awaited a connection
  return { line, sockets, statuses, asked, texts, advance, socket };
}

test("a line is open when the server has spoken, not when the socket is", async () => {
  const rig = createRig();
  await settle();

  const before = rig.statuses.at(-1);
  rig.socket().say("hello");

  expect(before).toEqual({ kind: "connecting", since: 0 });
  expect(rig.statuses.at(-1)).toEqual({ kind: "open" });
  expect(rig.texts).toEqual(["hello"]);
});

test("a line that is cut waits longer each time, and counts from the first loss", async () => {
  const rig = createRig();
  await settle();
  rig.socket().say("hello");
  await rig.advance(1_000);

  rig.socket().end(1006);
  expect(rig.statuses.at(-1)).toEqual({ kind: "waiting", since: 1_000, retryAt: 1_500 });
  await rig.advance(500);
  rig.socket().end(1006);

  expect(rig.statuses.at(-1)).toEqual({ kind: "waiting", since: 1_000, retryAt: 2_500 });
});

test("the waits begin anew after the server has spoken", async () => {
  const rig = createRig();
  await settle();
  rig.socket().end(1006);
  await rig.advance(500);
  rig.socket().say("hello");

  rig.socket().end(1006);

  expect(rig.statuses.at(-1)).toEqual({ kind: "waiting", since: 500, retryAt: 1_000 });
});

test("a line never gives up while the server cannot be reached", async () => {
  const rig = createRig(Array.from({ length: 50 }, () => ({ kind: "unreachable" })));
  await settle();

  for (let attempt = 0; attempt < 50; attempt++) await rig.advance(20_000);

  expect(rig.sockets).toHaveLength(1);
});

test("a token that ran out is replaced before the next try", async () => {
  const rig = createRig();
  await settle();
  rig.socket().say("hello");

  rig.socket().end(4501);
  await rig.advance(500);

  expect(rig.asked).toEqual([false, true]);
  expect(rig.socket().token).toBe("token 2");
});

test("a token stays in use when the line was merely cut", async () => {
  const rig = createRig();
  await settle();
  rig.socket().say("hello");

  rig.socket().end(1006);
  await rig.advance(500);

  expect(rig.asked).toEqual([false, false]);
});

test("a handshake that never succeeds puts the token under suspicion", async () => {
  const rig = createRig();
  await settle();

  rig.socket().end(1006);
  await rig.advance(500);

  expect(rig.asked).toEqual([false, true]);
});

test("a new token that is refused like the old one ends the line", async () => {
  const rig = createRig();
  await settle();
  rig.socket().end(4401);
  await rig.advance(500);

  rig.socket().end(4401);
  await rig.advance(60_000);

  expect(rig.statuses.at(-1)).toEqual({ kind: "refused", code: 4401 });
  expect(rig.sockets).toHaveLength(2);
});

test("a final code ends the line, and waking it changes nothing", async () => {
  const rig = createRig();
  await settle();

  rig.socket().end(4403);
  rig.line.wake();
  await rig.advance(60_000);

  expect(rig.statuses.at(-1)).toEqual({ kind: "refused", code: 4403 });
  expect(rig.sockets).toHaveLength(1);
});

test("waking a line that waits tries at once, and only once", async () => {
  const rig = createRig();
  await settle();
  rig.socket().end(1006);

  rig.line.wake();
  rig.line.wake();
  await rig.advance(20_000);

  expect(rig.sockets.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
});

test("a socket that is silent for ten seconds is taken for dead, and can no longer speak", async () => {
  const rig = createRig();
  await settle();
  rig.socket().say("hello");
  const dead = rig.socket();

  await rig.advance(10_000);
  dead.say("late");

  expect(dead.isClosed).toBe(true);
  expect(rig.statuses.at(-1)?.kind).toBe("waiting");
  expect(rig.texts).toEqual(["hello"]);
});

test("a closed line opens nothing, even if its token comes later", async () => {
  const rig = createRig();

  rig.line.close();
  await rig.advance(60_000);

  expect(rig.sockets).toHaveLength(0);
});
