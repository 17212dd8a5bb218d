-- A try at sending a letter is over. It is sent, or given up, and waits no more, unless it was
-- asked for again meanwhile; or it comes again after a pause. A sender who lost the letter
-- changes nothing.
--
-- key.letter hash
-- key.queue zset
-- key.held hash: letter → who took it last
-- key.joined zset: letters of those who join that were taken, by when; once sent, each mail of them
-- arg.id text: the letter's
-- arg.owner text: the sender's name for its taking
-- arg.asks number: how often it had been asked for when it was sent
-- arg.pause_ms number: until it comes again; nil if it is over
-- arg.is_tried flag: else it is due since it was asked for, before those that came after it
-- arg.is_mail flag: else no mail was made of it, and it is not one of those of the hour
-- arg.same_ms number: for how long asking again is asking for the same letter
--
-- answer done
-- answer lost: it is another sender's, or a newer letter

if redis.call('HGET', key.held, arg.id) ~= arg.owner then return { 'lost' } end
redis.call('HDEL', key.held, arg.id)
local counted = redis.call('ZSCORE', key.joined, arg.id)
if counted then
  -- A mail that went is counted under a name of its own: asked for again, the letter is another mail.
  if not arg.pause_ms and arg.is_mail then
    redis.call('ZADD', key.joined, counted, string.format('%s %d', arg.id, arg.asks))
  end
  if not arg.pause_ms or not arg.is_mail then redis.call('ZREM', key.joined, arg.id) end
end
local now = now_ms()
local is_there = redis.call('EXISTS', key.letter) == 1
local asks = tonumber(redis.call('HGET', key.letter, 'asks') or '0')
if arg.pause_ms and is_there then
  local due = redis.call('HGET', key.letter, 'asked')
  if arg.is_tried then
    redis.call('HINCRBY', key.letter, 'tries', 1)
    due = whole(now + arg.pause_ms)
  end
  redis.call('ZADD', key.queue, due, arg.id)
elseif is_there and asks > arg.asks then
  redis.call('HDEL', key.letter, 'tries')
  redis.call('ZADD', key.queue, whole(now), arg.id)
else
  redis.call('ZREM', key.queue, arg.id)
  local made = tonumber(redis.call('HGET', key.letter, 'made') or '0')
  redis.call('PEXPIRE', key.letter, whole(math.max(made + arg.same_ms - now, 1)))
end
return { 'done' }
