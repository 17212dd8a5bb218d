-- Numbers that a member had before the one of now: by the number of now, by each of those before,
-- and as a chain, since an audience is laid out by passing over all of them. A number has one place
-- in the chain, so whoever comes back without end, or by a list again and again, takes no more than
-- that.
--
-- key.earlier hash: number → the numbers before, newest first, of members who came back
-- key.later hash: number → a later one
-- key.chain string: four bytes for each number: the one before of the same member, or 0

local function link(number, before)
  redis.call('SETRANGE', key.chain, number * 4, struct.pack('<I4', before))
end

-- Note a number's earlier ones. Done again, it changes nothing.
local function note_earlier(number, earlier)
  redis.call('HSET', key.earlier, number, earlier)
  local after = number
  for before in earlier:gmatch('%d+') do
    redis.call('HDEL', key.earlier, before) -- all of them are noted by the number of now
    redis.call('HSET', key.later, before, number)
    link(after, tonumber(before))
    after = before
  end
  link(after, 0)
end

-- Forget a number's own entries; those of its member's other numbers are forgotten with these.
local function forget_earlier(number)
  redis.call('HDEL', key.earlier, number)
  redis.call('HDEL', key.later, number)
  if redis.call('STRLEN', key.chain) > number * 4 then link(number, 0) end
end
