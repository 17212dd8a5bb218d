-- with: choices/gone
-- A member leaves, once: their place among all who left tells for every audience whether they had
-- left before its cut. The record stays: corrections are to reach members who left, too (promise G9).
--
-- key.left hash: the member's bucket
-- key.leaves string: how many have left
-- key.last string: the last number given
-- key.staff set
-- arg.field text: in the bucket
-- arg.number number: the member's
--
-- answer done: also if they had left before
-- answer unknown: there is no such member

local last = tonumber(redis.call('GET', key.last) or '0')
if arg.number < 1 or arg.number > last then return { 'unknown' } end
if redis.call('HEXISTS', key.left, arg.field) == 1 then return { 'done' } end
redis.call('SREM', key.staff, arg.number)
set_gone(arg.number)
redis.call('HSET', key.left, arg.field, redis.call('INCR', key.leaves))
return { 'done' }
