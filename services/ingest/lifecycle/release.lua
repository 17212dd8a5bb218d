-- A submission failed: its idempotency key is free again. Only while the marker is still this
-- request's; after its expiry the key may be another's, or answered.
-- KEYS: the answer to the idempotency key. ARGV: the marker.

if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
