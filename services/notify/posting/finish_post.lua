-- One attempt is over: its event, its count and what follows are written at once. A second call
-- with the same attempt (after a lost answer, or a lease that ran out) changes nothing.
--
-- key.posts hash
-- key.due zset
-- key.attempts hash: post id → attempts behind it
-- key.events stream: of deliveries
-- arg.id text: the post's
-- arg.attempt number
-- arg.pause number: ms until the next attempt; nil if this was the last
-- arg.event text: JSON of an event's fields
--
-- answer done
-- answer before: this attempt was over before

local behind = tonumber(redis.call('HGET', key.attempts, arg.id) or '0')
local is_known = redis.call('HEXISTS', key.posts, arg.id) == 1
if not is_known or behind ~= arg.attempt - 1 then return { 'before' } end

emit(key.events, arg.event)
if arg.pause then
  redis.call('ZADD', key.due, now_ms() + arg.pause, arg.id)
  redis.call('HSET', key.attempts, arg.id, arg.attempt)
else
  redis.call('HDEL', key.posts, arg.id)
  redis.call('ZREM', key.due, arg.id)
  redis.call('HDEL', key.attempts, arg.id)
end
return { 'done' }
