-- with: outbox/accept_letter
-- A letter is accepted: kept and due at once. If the same is asked again soon, it is the same
-- letter, with its link and its code, sent once more, until one of them is used: then it is a new
-- letter. One that waits to be sent is sent once.
--
-- key.letter hash: made and asked (ms), asks (how often it was asked), tries, sealed; used once its
--   link or code is
-- key.queue zset: letters that wait for a sender, by when they are due
-- key.joins zset: letters to strangers, among which it may wait instead; or the same as queue
-- key.held hash: letter → who took it last
-- key.whose zset...: see outbox/accept_letter.lua
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
local made = tonumber(redis.call('HGET', key.letter, 'made') or '')
local is_used = redis.call('HEXISTS', key.letter, 'used') == 1
local is_same = made and now - made < arg.same_ms and not is_used

local waits = redis.call('ZSCORE', key.queue, arg.id)
local with_joins = not waits and redis.call('ZSCORE', key.joins, arg.id)
if with_joins and is_same and redis.call('HEXISTS', key.held, arg.id) == 1 then
  waits = with_joins -- its sender comes back to it there
end
if not waits and redis.call('ZCARD', key.queue) >= arg.most then return { 'full' } end

-- Whose address it is is looked up anew: they may have joined meanwhile.
if with_joins and not waits then redis.call('ZREM', key.joins, arg.id) end
if not is_same then
  redis.call('HSET', key.letter, 'made', whole(now), 'sealed', arg.sealed)
  redis.call('HDEL', key.letter, 'tries', 'used')
  redis.call('HDEL', key.held, arg.id) -- whoever sends the former one stops
  made = now
end
redis.call('HSET', key.letter, 'asked', whole(now))
redis.call('HINCRBY', key.letter, 'asks', 1)
redis.call('PEXPIRE', key.letter, whole(made + arg.life_ms - now))
if not waits or not is_same then redis.call('ZADD', key.queue, whole(now), arg.id) end
note_whose(key.whose, arg.id, made, arg.life_ms)
return { is_same and 'same' or 'new' }
