-- Whether one more letter may go to an address, so many in an hour. Asking twice for the same
-- letter counts once, so that a try that was cut off is no second letter.
--
-- key.sent zset: letters to the address, by when
-- arg.name text: the letter's
-- arg.most number: letters in an hour
--
-- answer yes
-- answer no

local now, hour_ms = now_ms(), 3600000
redis.call('ZREMRANGEBYSCORE', key.sent, '-inf', whole(now - hour_ms))
if redis.call('ZSCORE', key.sent, arg.name) then return { 'yes' } end
if redis.call('ZCARD', key.sent) >= arg.most then return { 'no' } end
redis.call('ZADD', key.sent, whole(now), arg.name)
redis.call('PEXPIRE', key.sent, hour_ms)
return { 'yes' }
