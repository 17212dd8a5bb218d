-- with: choices/gone
-- Numbers that may have been given once, before Redis lost its newest data, are never given again:
-- they become numbers of members who are gone. In one step, since an audience is the last number
-- less how many have left.
--
-- key.last string: the last number given
-- key.leaves string: how many have left
-- key.left hash...: per number its bucket
-- arg.after number: the last number that the caller saw
-- arg.numbers number...: those numbers
-- arg.fields text...: per number, its field in the bucket
--
-- answer done
-- answer moved: others took those numbers; the caller must look again

local last = tonumber(redis.call('GET', key.last) or '0')
if last ~= arg.after then return { 'moved' } end
for place, bucket in ipairs(key.left) do
  set_gone(arg.numbers[place])
  redis.call('HSET', bucket, arg.fields[place], redis.call('INCR', key.leaves))
end
redis.call('SET', key.last, last + #key.left)
return { 'done' }
