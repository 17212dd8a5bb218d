-- A worker gives its chunk back; a lease that has run out and is another's by now stays.
-- KEYS: lease. ARGV: the caller's name on it.

expect(KEYS[1], 'string')
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
