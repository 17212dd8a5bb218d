-- with: slices
-- Turns that were given and not used, since the relay took no connection, count no more: an outage
-- must not use up the day's limit.
--
-- key.slices hash
-- arg.given_at number: ms since 1970
-- arg.unused number: mails
-- arg.whose text...: per limit what its fields begin with
-- arg.lengths number...: per limit in ms
--
-- answer done

for place, length in ipairs(arg.lengths) do
  local slice = slice_at(arg.given_at, length)
  local field = field_of(arg.whose[place], length, slice)
  local found, given = read_slice(redis.call('HGET', key.slices, field))
  if found == slice then
    redis.call('HSET', key.slices, field, written(slice, math.max(given - arg.unused, 0)))
  end
end
return { 'done' }
