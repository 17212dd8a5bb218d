-- with: slices
-- How many mails the relay may be given now, by all workers together: in any span of a limit's
-- length, wherever it begins, never more than its count. All that was given in a slice counts until
-- the last of it is a length ago. Slices are kept here, so that a restart forgets nothing.
--
-- key.slices hash
-- arg.wanted number: mails
-- arg.counts number...: per limit how many mails
-- arg.lengths number...: per limit in ms
--
-- answer done granted, wait, now: how many may go; in how many ms there are more (0 if all may go);
--   ms since 1970

local now = now_ms()

-- What counts of a limit: how much, how much of it in the present slice, and the first slice with any.
local function count(length, present)
  local names, used, here, first = {}, 0, 0, present
  for place = 0, PARTS do names[#names + 1] = field_of(length, place) end
  for place, text in ipairs(redis.call('HMGET', key.slices, unpack(names))) do
    local slice, given = read_slice(text)
    if slice and slice >= present - PARTS then
      used = used + given
      first = math.min(first, slice)
      if slice >= present then here = here + given end
      -- The clock was set back: that counts from now, so that it does not count for longer.
      if slice > present then redis.call('HDEL', key.slices, names[place]) end
    end
  end
  return used, here, first
end

local granted, limits = arg.wanted, {}
for place, length in ipairs(arg.lengths) do
  local present = slice_at(now, length)
  local used, here, first = count(length, present)
  local left = math.max(arg.counts[place] - used, 0)
  limits[place] = {
    length = length, present = present, here = here, left = left,
    more_at = (first + PARTS + 1) * length / PARTS,
  }
  granted = math.min(granted, left)
end

local wait = 0
for _, limit in ipairs(limits) do
  if limit.here + granted > 0 then
    redis.call('HSET', key.slices, field_of(limit.length, limit.present),
      written(limit.present, limit.here + granted))
  end
  -- More may go once each limit has room that has none after this.
  if granted < arg.wanted and limit.left == granted then
    wait = math.max(wait, math.ceil(limit.more_at) - now)
  end
end
return { 'done', granted, wait, whole(now) }
