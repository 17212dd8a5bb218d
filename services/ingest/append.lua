-- Write down what has no other write.
-- KEYS: entries of the audit trail, its head. ARGV: the head that was read, the entries.
-- Gives 1, or 0 where the trail has gone on meanwhile.

if not audit_ready(KEYS[2], ARGV[1]) then return 0 end
audit_append(KEYS[1], KEYS[2], ARGV[2])
return 1
