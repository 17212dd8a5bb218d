-- How many mails the relay may be given now, by all workers together: in any span of a limit's
-- length, wherever it begins, never more than its count. Time is cut into slices, `PARTS` to a length,
-- and all that was given in a slice counts until the last of it is a length ago. Slices are kept here,
-- so that a restart forgets nothing; each takes the place of one that counts no more.
-- KEYS: the slices. ARGV: mails wanted, then per limit its count and its length in ms.
-- Gives how many may go, in how many ms there are more (0 where all may go), and what time it is.

expect(KEYS[1], 'hash')
local PARTS = 20
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function field(length, slice) return length .. ' ' .. slice % (PARTS + 1) end

-- What counts of a limit: how much, how much of it in the present slice, and the first slice with any.
local function count(length, present)
  local names, used, here, first = {}, 0, 0, present
  for place = 0, PARTS do names[#names + 1] = field(length, place) end
  for place, kept in ipairs(redis.call('HMGET', KEYS[1], unpack(names))) do
    local slice, given = (kept or ''):match('^(%d+) (%d+)$')
    slice, given = tonumber(slice), tonumber(given)
    if slice and slice >= present - PARTS then
      used = used + given
      first = math.min(first, slice)
      if slice >= present then here = here + given end
      -- The clock was set back: that counts from now, so that it does not count for longer.
      if slice > present then redis.call('HDEL', KEYS[1], names[place]) end
    end
  end
  return used, here, first
end

local granted, limits = tonumber(ARGV[1]), {}
for place = 2, #ARGV, 2 do
  local most, length = tonumber(ARGV[place]), tonumber(ARGV[place + 1])
  local present = math.floor(now * PARTS / length)
  local used, here, first = count(length, present)
  local left = math.max(most - used, 0)
  limits[#limits + 1] = {
    length = length, present = present, here = here, left = left,
    more_at = (first + PARTS + 1) * length / PARTS,
  }
  granted = math.min(granted, left)
end

local wait = 0
for _, limit in ipairs(limits) do
  if limit.here + granted > 0 then
    redis.call('HSET', KEYS[1], field(limit.length, limit.present),
      string.format('%d %d', limit.present, limit.here + granted))
  end
  -- More may go once each limit has room that has none after this.
  if granted < tonumber(ARGV[1]) and limit.left == granted then
    wait = math.max(wait, math.ceil(limit.more_at) - now)
  end
end
return { granted, wait, string.format('%d', now) }
