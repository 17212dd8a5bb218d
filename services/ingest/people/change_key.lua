-- with: audit/audit
-- A key or passkey ends, or gets another record, and who did it, in one step.
--
-- key.keys hash
-- arg.id text: the key's
-- arg.before text: its record as it was read
-- arg.after text: its record from now on, '' if it ends
--
-- answer done: also if it is sent again after its answer was lost
-- answer moved: somebody else was faster, here or in the trail; nothing was written

local stored = redis.call('HGET', key.keys, arg.id) or ''
if stored == arg.after then return { 'done' } end
if stored ~= arg.before or not audit_ready() then return { 'moved' } end
audit_append()
if arg.after == '' then
  redis.call('HDEL', key.keys, arg.id)
else
  redis.call('HSET', key.keys, arg.id, arg.after)
end
return { 'done' }
