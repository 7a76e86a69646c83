import type { Log } from "../log/log.ts";

/** The same log, but for some methods. */
export function overlay(log: Log, own: Partial<Log>): Log {
  return {
    durable: log.durable,
    now: () => log.now(),
    timeBoundMs: () => log.timeBoundMs(),
    append: (request, decide) => log.append(request, decide),
    head: (room) => log.head(room),
    read: (room, after, limit) => log.read(room, after, limit),
    readPublic: (room, after, limit) => log.readPublic(room, after, limit),
    readPublicBefore: (room, before, limit) => log.readPublicBefore(room, before, limit),
    checkpoint: (room) => log.checkpoint(room),
    putCheckpoint: (room, checkpoint, trim) => log.putCheckpoint(room, checkpoint, trim),
    pack: (room, through, entries) => log.pack(room, through, entries),
    changedSince: (since) => log.changedSince(since),
    heads: (rooms) => log.heads(rooms),
    due: (now, limit) => log.due(now, limit),
    close: () => log.close(),
    ...own,
  };
}
