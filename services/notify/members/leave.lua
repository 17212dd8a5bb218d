-- A member leaves, once: their place among all who left tells for every audience whether they had
-- left before its cut. The record stays: corrections are to reach those who left, too (promise G9).
-- KEYS: notify:left:{bucket}, notify:leaves, notify:last, notify:staff. ARGV: field in the bucket, number.
-- Gives 1 when the member left now, 0 when they had left before, -1 when there is no such member.

expect(KEYS[1], 'hash')
expect(KEYS[2], 'string')
expect(KEYS[4], 'set')
local number = tonumber(ARGV[2])
if number < 1 or number > tonumber(redis.call('GET', KEYS[3]) or '0') then return -1 end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 0 end
redis.call('SREM', KEYS[4], number)
redis.call('HSET', KEYS[1], ARGV[1], redis.call('INCR', KEYS[2]))
return 1
