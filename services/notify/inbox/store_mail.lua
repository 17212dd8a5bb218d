-- A mail gets the next number, and the oldest one leaves when there are too many: numbers have no
-- gaps, so which one that is needs no list.
-- KEYS: last number, mails. ARGV: the mail, how many are kept.
-- Gives the number.

expect(KEYS[1], 'string')
expect(KEYS[2], 'hash')

local number = redis.call('INCR', KEYS[1])
redis.call('HSET', KEYS[2], number, ARGV[1])
redis.call('HDEL', KEYS[2], number - ARGV[2])
return number
