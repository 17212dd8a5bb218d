-- One attempt is over: its event, its count and what follows are written at once. Whoever comes
-- second with the same attempt (after a lost answer, or a lease that ran out) changes nothing.
-- KEYS: posts, due, attempts, stream of deliveries.
-- ARGV: post id, attempt, ms until the next attempt or '' where this was the last, the event's
-- fields as JSON.
-- Gives 1, or 0 where this attempt was over before.

expect(KEYS[1], 'hash')
expect(KEYS[2], 'zset')
expect(KEYS[3], 'hash')
expect(KEYS[4], 'stream')

local id, attempt, pause = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local behind = tonumber(redis.call('HGET', KEYS[3], id) or '0')
if redis.call('HEXISTS', KEYS[1], id) == 0 or behind ~= attempt - 1 then return 0 end

emit(KEYS[4], ARGV[4])
if pause then
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
  redis.call('ZADD', KEYS[2], now + pause, id)
  redis.call('HSET', KEYS[3], id, attempt)
else
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  redis.call('HDEL', KEYS[3], id)
end
return 1
