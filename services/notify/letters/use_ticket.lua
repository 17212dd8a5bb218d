-- A link, or the code beside it, is used. Of two who use it at once exactly one succeeds. Its
-- letter is told, so that asking for the same again brings a new one.
--
-- key.ticket hash
-- key.letter hash: absent if nobody can ask for it again
--
-- answer used
-- answer none: there is no such link, or it was used before

if redis.call('HEXISTS', key.ticket, 'sealed') == 0 then return { 'none' } end
redis.call('HSET', key.ticket, 'used', 1)
redis.call('HDEL', key.ticket, 'sealed')
if redis.call('EXISTS', key.letter) == 1 then redis.call('HSET', key.letter, 'used', 1) end
return { 'used' }
