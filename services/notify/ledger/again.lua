-- Members whom a delivery failed to reach are owed it again, and their chunks are planned anew.
-- KEYS: ledger, delivery, failures, replies, tries, chunks, stream of deliveries.
-- ARGV: a delivery event's fields and a chunk.planned event's fields as JSON, both to be completed
-- here; members per chunk.
-- Gives how many they are; -1 where there is no such delivery, -2 where it is cancelled, -3 where it
-- is so old that nobody knows any more who they were, -4 where it is superseded.

expect(KEYS[1], 'string')
for place = 2, 5 do expect(KEYS[place], 'hash') end
expect(KEYS[6], 'stream')
expect(KEYS[7], 'stream')
local delivery = read_delivery(KEYS[2])
if delivery.state == '' then return -1 end
if delivery.superseded ~= '' then return -4 end
if delivery.cause == 'cancelled' then return -2 end

local count, chunks = 0, {}
for _, number in ipairs(redis.call('HKEYS', KEYS[3])) do
  local byte = redis.call('GETRANGE', KEYS[1], number, number):byte()
  if byte and byte % 8 == 4 then
    redis.call('SETRANGE', KEYS[1], number, string.char(byte - 4)) -- the flags stay
    count = count + 1
    chunks[math.floor(number / ARGV[3])] = true
  end
end
if count == 0 then return delivery.failed == '0' and 0 or -3 end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5])
redis.call('HINCRBY', KEYS[2], 'failed', -count)
redis.call('HINCRBY', KEYS[2], 'open', count)
redis.call('HSET', KEYS[2], 'again_at', string.format('%d', now_ms()),
  'tried_at', string.format('%d', now_ms()))
if delivery.state == 'complete' then redis.call('HSET', KEYS[2], 'state', 'sending') end
tell(KEYS[2], KEYS[7], ARGV[1], 'delivery.progressed')

local id = KEYS[2]:match('[^:]+$')
for chunk in pairs(chunks) do
  local fields = cjson.decode(ARGV[2])
  for place = 1, #fields, 2 do
    if fields[place] == 'id' then fields[place + 1] = id .. '.' .. chunk .. '.chunk.planned' end
    if fields[place] == 'data' then
      fields[place + 1] = string.format('{"delivery":"%s","chunk":%d}', id, chunk)
    end
  end
  emit(KEYS[6], fields)
end
return count
