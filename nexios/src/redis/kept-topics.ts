import { NexiosError } from "../protocol/failure.ts";
import type { KeepRules } from "../broker/broker.ts";
import { isList, type RedisArgument, type RedisReply } from "./redis-connection.ts";

/**
 * Publishes what is joined, and keeps each message of it in a list: behind the time, and the bytes of all that were ever put there, itself included. So one key is enough
 * to tell the bytes of what is kept, and it goes as a whole.
 */
const publishAndKeep = `
local list, joined = KEYS[1], ARGV[2]
local keep, keepBytes, keepMs = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count = redis.call('LLEN', list)
local put = 0
if count > 0 then put = select(2, struct.unpack('>dd', redis.call('LINDEX', list, -1))) end
local at = 10
while at <= #joined do
  local length = struct.unpack('<I4', joined, at)
  put = put + length
  count = redis.call('RPUSH', list, struct.pack('>dd', now, put) .. string.sub(joined, at + 4, at + 3 + length))
  at = at + 4 + length
end
while count > 0 do
  local oldest = redis.call('LINDEX', list, 0)
  local since, putBy = struct.unpack('>dd', oldest)
  if count <= keep and put - putBy + #oldest - 16 <= keepBytes and now - since < keepMs then break end
  redis.call('LPOP', list)
  count = count - 1
end
if count > 0 then redis.call('PEXPIRE', list, keepMs) end
return redis.call('SPUBLISH', ARGV[1], joined)`;

/** Reads what is kept, and publishes a mark: among the messages of the channel it stands where the list was read. */
const readKept = `
if ARGV[1] then redis.call('SPUBLISH', ARGV[1], ARGV[2]) end
local time = redis.call('TIME')
return {time[1] * 1000 + math.floor(time[2] / 1000), redis.call('LRANGE', KEYS[1], 0, -1)}`;

const headBytes = 16;

/**
 * The command that publishes on a channel and keeps. It has the text of the function and not its hash: a server that does not know the hash would have to be asked again,
 * and a later message could come before.
 */
export function toKeepCommand(prefix: string, channel: string, joined: Buffer, { keep, keepBytes, keepMs }: KeepRules): readonly RedisArgument[] {
  return ["EVAL", publishAndKeep, "1", toKey(prefix, channel), channel, joined, `${keep}`, `${keepBytes}`, `${keepMs}`];
}

export function toReadCommand(prefix: string, channel: string, mark?: Buffer): readonly RedisArgument[] {
  return ["EVAL", readKept, "1", toKey(prefix, channel), ...(mark === undefined ? [] : [channel, mark])];
}

/** What is kept, oldest first, without what is too old. @throws NexiosError DAMAGED for an answer that is none */
export function toKept(reply: RedisReply, { keepMs }: KeepRules): readonly Uint8Array[] {
  const [now, list] = isList(reply) ? reply : [];
  if (typeof now !== "number" || !isList(list)) throw new NexiosError("DAMAGED", "Redis has something else where the history of a group is");
  return list.flatMap((each) => (Buffer.isBuffer(each) && each.length >= headBytes && now - each.readDoubleBE(0) < keepMs ? [each.subarray(headBytes)] : []));
}

/** In the slot of the channel, which has no braces in its name. */
function toKey(prefix: string, channel: string): string {
  return `${prefix}kept:{${channel}}`;
}
