/** What Redis runs for the log, each as one step that nothing comes between. Numbers are handed on as texts: Lua would write a large one with an exponent. */

const shared = `
local function text(number) return string.format('%.0f', number) end
local function fieldOf(items, name)
  for index = 1, #items, 2 do if items[index] == name then return items[index + 1] end end
end
local function idOf(id)
  local first, second = string.match(id, '^(%d+)-(%d+)')
  return tonumber(first), tonumber(second)
end
-- Items of a stream whose ids begin with numbers from one to another, and what is left of those that are erased.
local function range(stream, erased, kind, from, to)
  if to < from then return {}, {} end
  local found = redis.call('XRANGE', stream, text(from), text(to))
  local gone = {}
  if #found < to - from + 1 and redis.call('HLEN', erased) > 0 then
    for number = from, to do
      local left = redis.call('HGET', erased, kind .. text(number))
      if left then gone[#gone + 1] = left end
    end
  end
  return found, gone
end
`;

/**
 * KEYS: head, entries, shown, erased, outcomes. ARGV: after which offset, or ''; how many at most; '1' to give none when there are more; keys of outcomes.
 * Gives the head, the entry at the offset and those after it, their public parts, and the outcomes.
 */
export const lookScript = `${shared}
local head = redis.call('HGETALL', KEYS[1])
if #head == 0 then return {} end
local known = {}
for index = 4, #ARGV do known[#known + 1] = redis.call('HGET', KEYS[5], ARGV[index]) end
if ARGV[1] == '' then return {head, {}, {}, {}, {}, known} end
local after, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local last, first = tonumber(fieldOf(head, 'offset')), tonumber(fieldOf(head, 'firstOffset'))
local to = math.min(last, after + most)
if ARGV[3] == '1' and last - after > most then to = math.min(last, after) end
local found, gone = range(KEYS[2], KEYS[4], 'e', math.max(first, after), to)
local low, high = math.huge, 0
for _, item in ipairs(found) do
  local _, position = idOf(item[1])
  low, high = math.min(low, position), math.max(high, position)
end
for _, left in ipairs(gone) do
  local _, position = idOf(left)
  low, high = math.min(low, position), math.max(high, position)
end
local shown, shownGone = range(KEYS[3], KEYS[4], 'p', math.max(1, low), high)
return {head, found, gone, shown, shownGone, known}
`;

/** KEYS: head, shown, erased. ARGV: positions from, or 'before'; to, or before which; how many at most. Gives the head and public parts. */
export const shownScript = `${shared}
local head = redis.call('HGETALL', KEYS[1])
if #head == 0 then return {} end
local last, first = tonumber(fieldOf(head, 'position')), tonumber(fieldOf(head, 'firstPosition'))
local from, to
if ARGV[1] == 'before' then
  to = math.min(last, tonumber(ARGV[2]) - 1)
  from = math.max(first, to - tonumber(ARGV[3]) + 1)
else
  from = tonumber(ARGV[1])
  to = math.min(last, from + tonumber(ARGV[3]) - 1)
end
if from < first then return {head, {}, {}} end
local shown, gone = range(KEYS[2], KEYS[3], 'p', from, to)
return {head, shown, gone}
`;

/**
 * KEYS: head, entries, shown, erased, outcomes, by time, ending by time, ending by end, checkpoint, changed, due.
 * ARGV: the expected revision, or ''; room; now; for how long it is kept; most outcomes; their most bytes; then lists, each with its length first: fields of the head;
 * entries and public parts (id, facts, bytes); offsets to erase; outcomes (key, value, time, end or '').
 * Gives the head, or nothing when another revision stands there.
 */
export const writeScript = `${shared}
local revision = redis.call('HGET', KEYS[1], 'revision')
if (revision or '') ~= ARGV[1] then return {} end
local at = 6
local function list(width)
  local length = tonumber(ARGV[at + 1])
  local first = at + 2
  at = at + 1 + length * width
  return first, at, width
end
local from, to = list(2)
for index = from, to, 2 do redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1]) end
local bytes = 0
for key = 2, 3 do
  from, to = list(3)
  for index = from, to, 3 do
    redis.call('XADD', KEYS[key], ARGV[index], 'f', ARGV[index + 1], 'b', ARGV[index + 2])
    bytes = bytes + #ARGV[index + 2]
  end
end
local firstOffset = tonumber(redis.call('HGET', KEYS[1], 'firstOffset'))
local function take(stream, kind, number)
  local item = redis.call('XRANGE', stream, text(number), text(number))[1]
  if not item then return end
  redis.call('XDEL', stream, item[1])
  redis.call('HSET', KEYS[4], kind .. text(number), item[1] .. '|' .. item[2][2])
  bytes = bytes - #item[2][4]
  return item
end
-- The position of a public entry of which the whole is gone: they are dense, and their offsets grow.
local function positionOf(offset)
  local low, high = tonumber(redis.call('HGET', KEYS[1], 'firstPosition')), tonumber(redis.call('HGET', KEYS[1], 'trimmedPosition'))
  while low <= high do
    local middle = math.floor((low + high) / 2)
    local item = redis.call('XRANGE', KEYS[3], text(middle), text(middle))[1]
    local id = item and item[1] or redis.call('HGET', KEYS[4], 'p' .. text(middle))
    if not id then return end
    local _, found = idOf(id)
    if found == offset then return middle end
    if found < offset then low = middle + 1 else high = middle - 1 end
  end
end
from, to = list(1)
for index = from, to do
  local offset = tonumber(ARGV[index])
  local position
  if offset < firstOffset then
    position = positionOf(offset)
  else
    local item = take(KEYS[2], 'e', offset)
    if item and string.sub(item[2][2], 1, 3) ~= '["h' then
      local _, found = idOf(item[1])
      position = found
    end
  end
  if position then take(KEYS[3], 'p', position) end
end
local outcomeBytes = tonumber(redis.call('HGET', KEYS[1], 'outcomeBytes') or '0')
local function sizeOf(value) return tonumber(string.match(value, '^(%d+)\\n')) end
local function drop(key)
  local value = redis.call('HGET', KEYS[5], key)
  if not value then return end
  outcomeBytes = outcomeBytes - sizeOf(value)
  redis.call('HDEL', KEYS[5], key)
  for index = 6, 8 do redis.call('ZREM', KEYS[index], key) end
end
local function dropUpTo(set, score)
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', score)) do drop(key) end
end
from, to = list(4)
for index = from, to, 4 do
  local key, value, time, ending = ARGV[index], ARGV[index + 1], ARGV[index + 2], ARGV[index + 3]
  drop(key)
  redis.call('HSET', KEYS[5], key, value)
  outcomeBytes = outcomeBytes + sizeOf(value)
  if ending == '' then
    redis.call('ZADD', KEYS[6], time, key)
  else
    redis.call('ZADD', KEYS[7], time, key)
    redis.call('ZADD', KEYS[8], ending, key)
  end
end
local since = tonumber(redis.call('HGET', KEYS[1], 'callsSince'))
dropUpTo(KEYS[6], '(' .. text(since))
dropUpTo(KEYS[8], ARGV[3])
while redis.call('HLEN', KEYS[5]) > tonumber(ARGV[5]) or outcomeBytes > tonumber(ARGV[6]) do
  local oldest = math.huge
  for index = 6, 7 do
    local first = redis.call('ZRANGE', KEYS[index], 0, 0, 'WITHSCORES')
    if #first > 0 then oldest = math.min(oldest, tonumber(first[2])) end
  end
  if oldest == math.huge then break end
  dropUpTo(KEYS[6], text(oldest))
  dropUpTo(KEYS[7], text(oldest))
  since = math.max(since, oldest + 1)
end
redis.call('HSET', KEYS[1], 'callsSince', text(since), 'outcomeBytes', text(outcomeBytes))
redis.call('HINCRBY', KEYS[1], 'bytes', text(bytes))
redis.call('ZADD', KEYS[10], ARGV[3], ARGV[2])
local wakeAt = redis.call('HGET', KEYS[1], 'wakeAt')
local keep = tonumber(ARGV[4])
if wakeAt == '' then
  redis.call('ZREM', KEYS[11], ARGV[2])
else
  redis.call('ZADD', KEYS[11], wakeAt, ARGV[2])
  keep = math.min(keep + math.max(0, tonumber(wakeAt) - tonumber(ARGV[3])), 1e12)
end
for index = 1, 9 do redis.call('PEXPIRE', KEYS[index], text(keep)) end
redis.call('ZREMRANGEBYSCORE', KEYS[10], '-inf', '(' .. text(tonumber(ARGV[3]) - tonumber(ARGV[4])))
return redis.call('HGETALL', KEYS[1])
`;

/**
 * KEYS: head, entries, shown, erased, checkpoint. ARGV: epoch; the checkpoint's offset, position, facts and bytes; how far to trim: offset, position; the check at its offset.
 * Gives 1 when it was kept.
 */
export const checkpointScript = `${shared}
local head = redis.call('HGETALL', KEYS[1])
if #head == 0 or fieldOf(head, 'epoch') ~= ARGV[1] then return 0 end
local offset, position = tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = fieldOf(head, 'checkpointOffset')
if kept and tonumber(kept) >= offset then return 0 end
-- What it was made of may be lost since it was looked for, and another past be in its place.
if offset > tonumber(fieldOf(head, 'offset')) then return 0 end
if offset >= tonumber(fieldOf(head, 'firstOffset')) then
  local item = redis.call('XRANGE', KEYS[2], text(offset), text(offset))[1]
  local facts = item and item[2][2] or string.match(redis.call('HGET', KEYS[4], 'e' .. text(offset)) or '', '^[^|]+|(.*)$')
  if not facts or text(cjson.decode(facts)[2]) ~= ARGV[8] then return 0 end
end
redis.call('HSET', KEYS[5], 'f', ARGV[4], 'b', ARGV[5])
local life = redis.call('PTTL', KEYS[1])
if life > 0 then redis.call('PEXPIRE', KEYS[5], life) end
local firstOffset, firstPosition = tonumber(fieldOf(head, 'firstOffset')), tonumber(fieldOf(head, 'firstPosition'))
local lastOffset = math.max(firstOffset - 1, math.min(tonumber(ARGV[6]), offset))
local lastPosition = math.max(firstPosition - 1, math.min(tonumber(ARGV[7]), position))
local trimmedPosition, trimmedCheck = tonumber(fieldOf(head, 'trimmedPosition')), fieldOf(head, 'trimmedCheck')
if lastOffset >= firstOffset then
  local item = redis.call('XRANGE', KEYS[2], text(lastOffset), text(lastOffset))[1]
  local id, facts
  if item then
    id, facts = item[1], item[2][2]
  else
    id, facts = string.match(redis.call('HGET', KEYS[4], 'e' .. text(lastOffset)), '^([^|]+)|(.*)$')
  end
  local _, found = idOf(id)
  trimmedPosition, trimmedCheck = found, text(cjson.decode(facts)[2])
end
local freed = 0
local function trim(stream, last)
  local from = '-'
  while true do
    local items = redis.call('XRANGE', stream, from, text(last), 'COUNT', 500)
    if #items == 0 then break end
    for _, item in ipairs(items) do freed = freed + #item[2][4] end
    from = '(' .. items[#items][1]
  end
  redis.call('XTRIM', stream, 'MINID', '=', text(last + 1))
end
-- A public part is needed as long as its entry is kept whole.
local lastShown = math.min(lastPosition, trimmedPosition)
if lastOffset >= firstOffset then trim(KEYS[2], lastOffset) end
if lastShown > 0 then trim(KEYS[3], lastShown) end
for _, name in ipairs(redis.call('HKEYS', KEYS[4])) do
  local kind, number = string.sub(name, 1, 1), tonumber(string.sub(name, 2))
  if (kind == 'e' and number <= lastOffset) or (kind == 'p' and number <= lastShown) then redis.call('HDEL', KEYS[4], name) end
end
redis.call('HINCRBY', KEYS[1], 'bytes', text(0 - freed))
redis.call('HSET', KEYS[1], 'checkpointOffset', ARGV[2], 'firstOffset', text(lastOffset + 1), 'firstPosition', text(lastPosition + 1),
  'trimmedPosition', text(trimmedPosition), 'trimmedCheck', trimmedCheck)
-- A pack that is cut is none any more.
if tonumber(fieldOf(head, 'packedFrom')) <= lastOffset then redis.call('HSET', KEYS[1], 'packedFrom', '0', 'packedTo', '0') end
return 1
`;

/** KEYS: head. ARGV: epoch, the first offset that is kept and the end of the last pack, as they must be; first and last offset of the new one. Gives 1 when it was made. */
export const packScript = `${shared}
local facts = redis.call('HMGET', KEYS[1], 'epoch', 'firstOffset', 'packedTo', 'callsGone')
if facts[1] ~= ARGV[1] or facts[2] ~= ARGV[2] or facts[3] ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'packedFrom', ARGV[4], 'packedTo', ARGV[5], 'callsGone', text(math.max(tonumber(facts[4]), tonumber(ARGV[5]))))
return 1
`;

/** KEYS: heads, of one shard. Gives what stands in each, in this order. */
export const headsScript = `
local found = {}
for index, key in ipairs(KEYS) do found[index] = redis.call('HGETALL', key) end
return found
`;

/** KEYS: a sorted set of rooms. ARGV: scores from and to, how many at most, what keys of heads begin with. Gives rooms with their heads; those that are gone are let go. */
export const roomsScript = `
local found = {}
for _, room in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])) do
  local head = redis.call('HGETALL', ARGV[4] .. room)
  if #head == 0 then redis.call('ZREM', KEYS[1], room) else found[#found + 1] = {room, head} end
end
return found
`;
