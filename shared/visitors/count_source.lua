-- One more form of a source, in the window that its first one began.
--
-- key.count string: how many it has sent in it
-- arg.seconds number: how long a window is
--
-- answer done count

local count = redis.call('INCR', key.count)
if count == 1 then redis.call('EXPIRE', key.count, arg.seconds) end
return { 'done', count }
