-- A mail gets the next number, and the oldest one leaves when there are too many: numbers have no
-- gaps, so which one that is needs no list.
--
-- key.last string: the last number given
-- key.mails hash
-- arg.mail text
-- arg.most number: how many are kept
--
-- answer done number

local number = redis.call('INCR', key.last)
redis.call('HSET', key.mails, number, arg.mail)
redis.call('HDEL', key.mails, number - arg.most)
return { 'done', number }
