-- A letter is accepted: kept and due at once. If the same is asked again soon, it is the same letter,
-- with its link and its code, sent once more. One that waits to be sent is sent once.
--
-- key.letter hash: made and asked (ms), asks (how often it was asked), tries, sealed
-- key.queue zset: letters that wait for a sender, by when they are due
-- key.held hash: letter → who took it last
-- arg.id text: the letter's
-- arg.sealed text: what was asked
-- arg.same_ms number: for how long asking again is asking for the same letter
-- arg.life_ms number: for how long it is tried
-- arg.most number: letters that may wait
--
-- answer new
-- answer same
-- answer full: too many wait, and nothing was kept

local now = now_ms()
local waits = redis.call('ZSCORE', key.queue, arg.id)
if not waits and redis.call('ZCARD', key.queue) >= arg.most then return { 'full' } end

local made = tonumber(redis.call('HGET', key.letter, 'made') or '')
local is_same = made and now - made < arg.same_ms
if not is_same then
  redis.call('HSET', key.letter, 'made', whole(now), 'sealed', arg.sealed)
  redis.call('HDEL', key.letter, 'tries')
  redis.call('HDEL', key.held, arg.id) -- whoever sends the former one stops
  made = now
end
redis.call('HSET', key.letter, 'asked', whole(now))
redis.call('HINCRBY', key.letter, 'asks', 1)
redis.call('PEXPIRE', key.letter, whole(made + arg.life_ms - now))
if not waits or not is_same then redis.call('ZADD', key.queue, whole(now), arg.id) end
return { is_same and 'same' or 'new' }
