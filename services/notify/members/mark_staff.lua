-- Members become staff, but for those who have left: an exercise's audience is all staff, so nobody
-- may be in it whom no chunk would serve.
--
-- key.staff set
-- key.left hash...: per member their bucket
-- arg.numbers number...: the members'
-- arg.fields text...: per member the field in the bucket
--
-- answer done

for place, left in ipairs(key.left) do
  if redis.call('HEXISTS', left, arg.fields[place]) == 0 then
    redis.call('SADD', key.staff, arg.numbers[place])
  end
end
return { 'done' }
