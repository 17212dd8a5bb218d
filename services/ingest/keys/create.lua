-- with: audit/audit
-- A key and who made it, in one step: nobody can use the API by a key that the trail does not know.
--
-- key.keys hash
-- arg.id text: the key's
-- arg.record text
--
-- answer done: also if it is sent again after its answer was lost
-- answer taken: there is a key with this id
-- answer moved: the trail has gone on

local stored = redis.call('HGET', key.keys, arg.id)
if stored then return { stored == arg.record and 'done' or 'taken' } end
if not audit_ready() then return { 'moved' } end
audit_append()
redis.call('HSET', key.keys, arg.id, arg.record)
return { 'done' }
