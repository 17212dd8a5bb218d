-- A letter turns out to be to a stranger: nobody is a member with its address. It waits with those
-- of people who join, in its turn, and is counted as they are.
--
-- key.letter hash
-- key.queue zset
-- key.joins zset
-- key.held hash: letter → who took it last
-- arg.id text: the letter's
-- arg.owner text: the sender's name for its taking
-- arg.most number: letters that may wait there
--
-- answer done
-- answer lost: it is another sender's, or a newer letter
-- answer full: too many wait there; it is still in the sender's hands

if redis.call('HGET', key.held, arg.id) ~= arg.owner then return { 'lost' } end
local waits = redis.call('ZSCORE', key.joins, arg.id)
if not waits and redis.call('ZCARD', key.joins) >= arg.most then return { 'full' } end
redis.call('HDEL', key.held, arg.id)
redis.call('ZREM', key.queue, arg.id)
redis.call('ZADD', key.joins, redis.call('HGET', key.letter, 'asked') or whole(now_ms()), arg.id)
return { 'done' }
