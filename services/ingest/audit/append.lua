-- Write down what has no other write.
-- KEYS: entries of the audit trail, its head. ARGV: the head that was read, the entries.
-- Gives 1, also when it is sent again after its answer was lost, or 0 where the trail has gone on.

local parts = cjson.decode(ARGV[2])
expect(KEYS[1], 'hash')
if redis.call('HGET', KEYS[1], parts[2]) == parts[3] then return 1 end
if not audit_ready(KEYS[2], ARGV[1]) then return 0 end
audit_append(KEYS[1], KEYS[2], ARGV[2])
return 1
