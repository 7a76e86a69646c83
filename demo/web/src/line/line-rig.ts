import { Line, type LineStatus, type Socket, type SocketListener, type TokenOutcome } from "./line.ts";

class FakeSocket implements Socket {
  isClosed = false;
  readonly sent: unknown[] = [];
  readonly token: string;
  readonly listener: SocketListener;

  constructor(token: string, listener: SocketListener) {
    this.token = token;
    this.listener = listener;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
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

/** Lets what has been awaited go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

/** For tests: a line in a world whose clock moves only by `advance`. */
export function createLineRig(tokens: TokenOutcome[] = []) {
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
      return tokens.shift() ?? { kind: "token", token: `token ${asked.length}`, expiresAt: now + 900_000 };
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
