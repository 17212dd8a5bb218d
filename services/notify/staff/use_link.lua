-- A person gives their address by their link, which is used up. Of two who use it at once exactly
-- one succeeds.
--
-- key.links hash: hash of the link's token → the person and until when (ms)
-- key.addresses hash: person → their address, sealed
-- arg.token text: its hash
-- arg.person text: whose it was when the address was sealed
-- arg.sealed text
--
-- answer used
-- answer none: there is no such link, or its time is over

local person, until_ms = (redis.call('HGET', key.links, arg.token) or ''):match('^(%w+) (%d+)$')
if person ~= arg.person or tonumber(until_ms) <= now_ms() then return { 'none' } end
redis.call('HDEL', key.links, arg.token)
redis.call('HSET', key.addresses, person, arg.sealed)
return { 'used' }
