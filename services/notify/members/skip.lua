-- with: choices/gone
-- Numbers that may have been given once, before Redis lost its newest data, are never given again:
-- they become numbers of members who are gone. In one step, since an audience is the last number
-- less how many have left.
--
-- key.last string: the last number given
-- key.leaves string: how many have left
-- key.left hash...: the buckets of those numbers, in their order
-- arg.after number: the last number that the caller saw; those numbers follow it
-- arg.count number: how many they are
-- arg.bucket number: numbers of one bucket
--
-- answer done
-- answer moved: others took those numbers; the caller must look again

local last = tonumber(redis.call('GET', key.last) or '0')
if last ~= arg.after then return { 'moved' } end
local left = tonumber(redis.call('GET', key.leaves) or '0')
local number, until_ = last + 1, last + arg.count
set_all_gone(number, arg.count)
for _, bucket in ipairs(key.left) do
  local fields = {}
  repeat
    left = left + 1
    fields[#fields + 1] = number % arg.bucket
    fields[#fields + 1] = whole(left)
    number = number + 1
  until number > until_ or number % arg.bucket == 0
  redis.call('HSET', bucket, unpack(fields))
end
redis.call('SET', key.leaves, whole(left))
redis.call('SET', key.last, whole(until_))
return { 'done' }
