-- A mail that somebody sent to one of our return paths is kept until it is handled.
--
-- key.mail hash: id → the mail, sealed
-- key.due zset: the same ids, by when somebody may take them
-- arg.id text
-- arg.sealed text
-- arg.most number: mails that may wait
--
-- answer done
-- answer full: so many wait already

if redis.call('HLEN', key.mail) >= arg.most then return { 'full' } end
redis.call('HSET', key.mail, arg.id, arg.sealed)
redis.call('ZADD', key.due, now_ms(), arg.id)
return { 'done' }
