-- A link, or the code beside it, is used. Of two who use it at once exactly one succeeds.
--
-- key.ticket hash
--
-- answer used sealed
-- answer none: there is no such link, or it was used before

local sealed = redis.call('HGET', key.ticket, 'sealed')
if not sealed then return { 'none' } end
redis.call('HSET', key.ticket, 'used', 1)
redis.call('HDEL', key.ticket, 'sealed')
return { 'used', sealed }
