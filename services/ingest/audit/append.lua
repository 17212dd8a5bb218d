-- with: audit
-- Write down what has no other write.
--
-- answer done: also if it is sent again after its answer was lost
-- answer moved: the trail has gone on

local parts = cjson.decode(arg.trail_entries)
if redis.call('HGET', key.trail, parts[2]) == parts[3] then return { 'done' } end
if not audit_ready() then return { 'moved' } end
audit_append()
return { 'done' }
