-- A submission failed: its idempotency key is free again. Only while the marker is still this
-- request's; after its expiry the key may be another's, or answered.
--
-- key.record string: the answer to the idempotency key
-- arg.marker text
--
-- answer done

if redis.call('GET', key.record) == arg.marker then redis.call('DEL', key.record) end
return { 'done' }
