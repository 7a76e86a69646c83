import { Channel, type Limits, NexiosApp, type SendReport, type SlowPolicy } from "nexios";
import { connect, type ManualClock, type Peer } from "nexios/testing";
import { calm } from "./calm-load.ts";
import { turn } from "./raw-socket.ts";

const secret = "a secret of thirty-two bytes at least";
/** The payloads of a house have so many bytes, and so many may wait for a member. */
export const messageBytes = 200_000;
export const queuedBytes = 1_000_000;

/** An app whose group `all` has members over TCP, which may stop reading. */
export interface House extends AsyncDisposable {
  readonly app: NexiosApp;
  arrive(count: number): Promise<Peer[]>;
  /** The next payload: 200 kB that begin with its number. */
  next(): string;
  /** Sends without a pause; returns a report each. */
  send(count: number): SendReport[];
  /** Sends as fast as the last member reads. */
  sendAtPace(count: number): Promise<SendReport[]>;
  /** Sends until the first member's socket takes no more. */
  sendUntilBlocked(): Promise<SendReport[]>;
  /** Bytes that wait for the slowest. */
  queuedBytes(): number;
}

/** Opens an app with a group of this policy. */
export async function openHouse(whenSlow: SlowPolicy, limits: Partial<Limits> = {}, clock?: ManualClock): Promise<House> {
  const channels = { group: () => ({ whenSlow }) };
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, channels, limits: { queuedBytes, ...limits }, ...(clock && { clock }) });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "text" }), "all");
    await ws.sendText("in");
    for await (const _ of ws.messages());
  });
  const { url } = await app.listen({ port: 0 });
  let number = 0;
  const next = (): string => numbered(++number);
  const send = (count: number): SendReport[] => Array.from({ length: count }, () => app.channels.groupSend("all", next()));
  return {
    app,
    async arrive(count) {
      const peers: Peer[] = [];
      for (let at = 0; at < count; at++) {
        const peer = await connect(url, "/");
        await peer.next();
        peers.push(peer);
      }
      return peers;
    },
    next,
    send,
    async sendAtPace(count) {
      const last = app.channels.members("all").at(-1)!;
      const reports: SendReport[] = [];
      while (reports.length < count) {
        reports.push(...send(1));
        do await turn();
        while (last.connection.outbox.blocked);
      }
      return reports;
    },
    async sendUntilBlocked() {
      const first = app.channels.members("all")[0]!;
      const reports: SendReport[] = [];
      while (!first.connection.outbox.blocked) {
        reports.push(...send(1));
        await turn();
        // The kernel moves bytes on for a while after a write.
        if (first.connection.outbox.blocked) for (let at = 0; at < 50; at++) await turn();
      }
      return reports;
    },
    queuedBytes: () => Math.max(0, ...app.channels.members("all").map(({ connection }) => connection.outbox.queuedBytes)),
    [Symbol.asyncDispose]: () => app.stop({ deadlineMs: 0 }),
  };
}

export function numbered(number: number): string {
  return `${number} `.padEnd(messageBytes, ".");
}

export async function take(peer: Peer, count: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) numbers.push(Number.parseInt(String(await peer.next()), 10));
  return numbers;
}

/** All up to the message of this number. */
export async function toLast(peer: Peer, last: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.at(-1) !== last) numbers.push(...(await take(peer, 1)));
  return numbers;
}

export function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}

export function sum(reports: readonly SendReport[], field: keyof SendReport): number {
  return reports.reduce((total, report) => total + report[field], 0);
}
