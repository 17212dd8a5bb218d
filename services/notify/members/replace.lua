-- Members get another record, each only if theirs is still the one that was read, and they have not
-- left: of two who change a member at once the second must look again.
--
-- key.records hash...: per member the bucket of the record
-- key.left hash...: per member the bucket among those who left
-- arg.fields text...: per member the field in both
-- arg.before text...: per member the sealed record that was read
-- arg.after text...: per member the sealed record to be
--
-- answer done places…: of members whose record was replaced, counted from 1

local replaced = { 'done' }
for place, record in ipairs(key.records) do
  local field = arg.fields[place]
  local is_same = redis.call('HGET', record, field) == arg.before[place]
  if is_same and redis.call('HEXISTS', key.left[place], field) == 0 then
    redis.call('HSET', record, field, arg.after[place])
    table.insert(replaced, place)
  end
end
return replaced
