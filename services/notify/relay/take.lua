-- with: slices
-- How many mails the relay may be given now, by all workers together: in any span of a limit's
-- length, wherever it begins, never more than its count. All that was given in a slice counts until
-- the last of it is a length ago. Slices are kept here, so that a restart forgets nothing.
-- Deliveries and letters have limits in common, and each some of their own (`whose`). A letter that
-- finds no room in what is common has the next room there.
--
-- key.slices hash: and when a delivery wanted to mail (`alert`), when a letter found no room
--   (`letter`)
-- arg.wanted number: mails
-- arg.role text: `delivery`, `letter`, or `spare`: a letter that waits while a delivery wants to
--   mail; empty if nothing is to be told apart
-- arg.whose text...: per limit what its fields begin with; empty if it is common
-- arg.counts number...: per limit how many mails
-- arg.lengths number...: per limit in ms
--
-- answer done granted, wait, now: how many may go; in how many ms there are more (0 if all may go);
--   ms since 1970

local LETTER_MS = 2000 -- for so long room is kept for a letter that found none
local QUIET_MS = 60000 -- since a delivery wanted to mail: chunks come again after at most a minute

local now = now_ms()
local function since(field) return now - tonumber(redis.call('HGET', key.slices, field) or '0') end
if arg.role == 'spare' and since('alert') < QUIET_MS then
  return { 'done', 0, QUIET_MS - since('alert'), whole(now) }
end
local kept = 0
if arg.role == 'delivery' then
  redis.call('HSET', key.slices, 'alert', whole(now))
  if since('letter') < LETTER_MS then kept = 1 end
end

-- What counts of a limit: how much, how much of it in the present slice, and the first slice with any.
local function count(whose, length, present)
  local names, used, here, first = {}, 0, 0, present
  for place = 0, PARTS do names[#names + 1] = field_of(whose, length, place) end
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

local granted, own, limits = arg.wanted, arg.wanted, {}
for place, length in ipairs(arg.lengths) do
  local present = slice_at(now, length)
  local whose = arg.whose[place]
  local used, here, first = count(whose, length, present)
  local left = math.max(arg.counts[place] - used - (whose == '' and kept or 0), 0)
  limits[place] = {
    whose = whose, length = length, present = present, here = here, left = left,
    more_at = (first + PARTS + 1) * length / PARTS,
  }
  granted = math.min(granted, left)
  if whose ~= '' then own = math.min(own, left) end
end

local wait = 0
for _, limit in ipairs(limits) do
  if limit.here + granted > 0 then
    redis.call('HSET', key.slices, field_of(limit.whose, limit.length, limit.present),
      written(limit.present, limit.here + granted))
  end
  -- More may go once each limit has room that has none after this.
  if granted < arg.wanted and limit.left == granted then
    wait = math.max(wait, math.ceil(limit.more_at) - now)
  end
end
if arg.role == 'letter' and granted > 0 then
  redis.call('HDEL', key.slices, 'letter')
elseif arg.role == 'letter' and own > 0 then
  redis.call('HSET', key.slices, 'letter', whole(now))
end
return { 'done', granted, wait, whole(now) }
