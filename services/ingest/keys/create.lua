-- A key and who made it, in one step: nobody can use the API by a key that the trail does not know.
-- KEYS: keys, entries of the audit trail, its head. ARGV: the key's id, its record, the trail's head
-- that was read, the entries.
-- Gives 'done', also when it is sent again after its answer was lost; 'taken' where there is a key with this id, or 'moved' where the trail has gone on.

expect(KEYS[1], 'hash')
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if kept then return kept == ARGV[2] and 'done' or 'taken' end
if not audit_ready(KEYS[3], ARGV[3]) then return 'moved' end
audit_append(KEYS[2], KEYS[3], ARGV[4])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 'done'
