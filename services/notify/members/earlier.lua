-- Numbers that a member had before the one of now: by the number of now, by each of those before, and
-- in pairs, since an audience is laid out by passing over all of them.
--
-- key.earlier hash: number → the numbers before, newest first, of members who came back
-- key.later hash: number → a later one
-- key.pairs string: eight bytes for each two numbers of a member: a later one, and one before

-- Where the pairs of a number begin, counted from 0.
local function pairs_of(number)
  local all, sought, places = redis.call('GET', key.pairs) or '', struct.pack('<I4', number), {}
  local found = all:find(sought, 1, true)
  while found do
    if found % 8 == 1 then table.insert(places, found - 1) end
    found = all:find(sought, found + 1, true)
  end
  return places
end

-- Note a number's earlier ones; those that it had are not noted again. The number just before has
-- left, so that no audience passes over its own pairs any more: their room is for the new ones, or
-- else somebody who leaves and comes back without end would fill the string. `is_of_many`: it is one of
-- many at once, as of a list; then none is looked for, since the string is looked through for each.
local function note_earlier(number, earlier, is_of_many)
  local had, free = {}, {}
  for before in (redis.call('HGET', key.earlier, number) or ''):gmatch('%d+') do had[before] = true end
  local last = earlier:match('%d+')
  if not is_of_many and redis.call('HDEL', key.earlier, last) == 1 then free = pairs_of(last) end
  redis.call('HSET', key.earlier, number, earlier)
  local two = {}
  for before in earlier:gmatch('%d+') do
    redis.call('HSET', key.later, before, number)
    if not had[before] then
      local pair, place = struct.pack('<I4I4', number, before), table.remove(free)
      if place then redis.call('SETRANGE', key.pairs, place, pair) else table.insert(two, pair) end
    end
  end
  for _, place in ipairs(free) do redis.call('SETRANGE', key.pairs, place, ('\0'):rep(8)) end
  if two[1] then redis.call('APPEND', key.pairs, table.concat(two)) end
end

-- Forget a number's own entries; those of its member's other numbers are forgotten with these.
local function forget_earlier(number)
  redis.call('HDEL', key.earlier, number)
  redis.call('HDEL', key.later, number)
  for _, place in ipairs(pairs_of(number)) do
    redis.call('SETRANGE', key.pairs, place, ('\0'):rep(8))
  end
end
