-- with: choices/gone
-- A member leaves, once: their place among all who left tells for every audience whether they had
-- left before its cut. The record stays: corrections are to reach members who left, too (promise
-- G9). Members whom a register ended may still leave by themselves: then no list brings them back.
--
-- key.left hash: the member's bucket
-- key.left_at hash: the same bucket, of when and how they left
-- key.leaves string: how many have left
-- key.last string: the last number given
-- key.staff set
-- arg.field text: in the bucket
-- arg.number number: the member's
-- arg.at text: when
--
-- answer done
-- answer before: they had left before
-- answer unknown: there is no such member

local last = tonumber(redis.call('GET', key.last) or '0')
if arg.number < 1 or arg.number > last then return { 'unknown' } end
if redis.call('HEXISTS', key.left, arg.field) == 1 then
  local how = redis.call('HGET', key.left_at, arg.field) or ''
  if not how:find('list') then return { 'before' } end
  redis.call('HSET', key.left_at, arg.field, arg.at)
  return { 'done' }
end
redis.call('SREM', key.staff, arg.number)
set_gone(arg.number)
redis.call('HSET', key.left, arg.field, redis.call('INCR', key.leaves))
redis.call('HSET', key.left_at, arg.field, arg.at)
return { 'done' }
