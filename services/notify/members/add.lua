-- with: earlier
-- New members get the numbers after the last one. Their records are sealed with the number before
-- this runs, so it takes effect only if nobody else took those numbers meanwhile.
--
-- key.last string: the last number given
-- key.staff set
-- key.records hash...: per member the bucket of the record
-- key.returning hash: number → the one before, until other rooms have carried over what they know
-- key.indexes hash...: per member the bucket of the address's index
-- arg.after number: the last number that the caller saw
-- arg.is_staff flag
-- arg.fields text...: per member the field in the bucket
-- arg.sealed text...: per member the sealed record
-- arg.rests text...: per member the field in the index
-- arg.earlier text...: per member their numbers before, with commas, newest first; or ''
-- arg.before text...: per member the number before from which other rooms are to carry over; or ''
--
-- answer done
-- answer moved: others took those numbers; the caller must look again

local last = tonumber(redis.call('GET', key.last) or '0')
if last ~= arg.after then return { 'moved' } end
for place, record in ipairs(key.records) do
  redis.call('HSET', record, arg.fields[place], arg.sealed[place])
  redis.call('HSET', key.indexes[place], arg.rests[place], last + place)
  local earlier = arg.earlier[place]
  if earlier ~= '' then note_earlier(last + place, earlier) end
  if arg.before[place] ~= '' then
    redis.call('HSET', key.returning, last + place, arg.before[place])
  end
  if arg.is_staff then redis.call('SADD', key.staff, last + place) end
end
redis.call('SET', key.last, last + #key.records)
return { 'done' }
