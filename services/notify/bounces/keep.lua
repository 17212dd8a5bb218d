-- A mail that somebody sent to one of our return paths is kept until it is handled. Of one that was
-- read in a mailbox its place there is noted in the same step: whoever reads on, after a kill too,
-- does not take it a second time, and finds what is still to be removed.
--
-- key.mail hash: id → the mail, sealed
-- key.due zset: the same ids, by when somebody may take them
-- key.read hash?: how far the mailbox was read: life, last; and `kept`, what is to be removed
-- arg.id text
-- arg.sealed text
-- arg.most number: mails that may wait
-- arg.life text: the number of the mailbox's life
-- arg.uid number: the mail's in it
--
-- answer done
-- answer full: so many wait already

local kept
if key.read then
  local life, last, before = unpack(redis.call('HMGET', key.read, 'life', 'last', 'kept'))
  local is_same = life == arg.life
  if is_same and tonumber(last or '0') >= arg.uid then return { 'done' } end
  kept = is_same and before and before .. ',' .. arg.uid or arg.uid
end
if redis.call('HLEN', key.mail) >= arg.most then return { 'full' } end
if kept then redis.call('HSET', key.read, 'life', arg.life, 'last', arg.uid, 'kept', kept) end
redis.call('HSET', key.mail, arg.id, arg.sealed)
redis.call('ZADD', key.due, now_ms(), arg.id)
return { 'done' }
