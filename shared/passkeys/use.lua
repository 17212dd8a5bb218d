-- A passkey was used: its record from now on, unless it was used or removed at the same moment.
--
-- key.passkeys hash
-- arg.id text
-- arg.before text: its record as it was read
-- arg.after text
--
-- answer done: also if it is sent again after its answer was lost
-- answer moved: it is another one now, or gone

local stored = redis.call('HGET', key.passkeys, arg.id)
if stored == arg.after then return { 'done' } end
if stored ~= arg.before then return { 'moved' } end
redis.call('HSET', key.passkeys, arg.id, arg.after)
return { 'done' }
