-- with: choices/gone
-- Members are ended by their register, each only if their record is still the one that was read,
-- and they have not left: as in leave.lua, but by the list. So the next list may bring them back.
--
-- key.leaves string: how many have left
-- key.staff set
-- key.records hash...: per member the bucket of the record
-- key.left hash...: the same, of their place among all who left
-- key.left_at hash...: the same, of when and how they left
-- arg.at text: when, and that it was a list
-- arg.numbers number...: the members'
-- arg.fields text...: per member the field in the buckets
-- arg.before text...: per member the sealed record that was read
--
-- answer done places…: of members who were ended, counted from 1

local ended = { 'done' }
for place, record in ipairs(key.records) do
  local field, left = arg.fields[place], key.left[place]
  local is_same = redis.call('HGET', record, field) == arg.before[place]
  if is_same and redis.call('HEXISTS', left, field) == 0 then
    local was_staff = redis.call('SREM', key.staff, arg.numbers[place]) == 1
    set_gone(arg.numbers[place])
    redis.call('HSET', left, field, redis.call('INCR', key.leaves))
    redis.call('HSET', key.left_at[place], field, was_staff and arg.at .. ' staff' or arg.at)
    table.insert(ended, place)
  end
end
return ended
