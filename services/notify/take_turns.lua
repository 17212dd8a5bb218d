-- How many mails the relay may be given now, by all workers together. Each limit is a window that
-- begins with its first mail and is kept here, so that a restart begins none anew.
-- KEYS: the windows. ARGV: mails wanted, then per limit its count and its window in ms.
-- Gives how many may go, and in how many ms there are more (0 where all may go).

expect(KEYS[1], 'hash')
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local granted, wait = tonumber(ARGV[1]), 0
local used, left, ends = {}, {}, {}

for place = 2, #ARGV, 2 do
  local limit, length = tonumber(ARGV[place]), tonumber(ARGV[place + 1])
  local window = redis.call('HMGET', KEYS[1], length .. ' since', length .. ' used')
  local since, count = tonumber(window[1] or ''), tonumber(window[2] or '')
  -- A clock that was set back must not close a window for longer than it lasts.
  if not since or not count or now - since >= length or now < since then
    since, count = now, 0
    redis.call('HSET', KEYS[1], length .. ' since', string.format('%d', now), length .. ' used', 0)
  end
  used[#used + 1] = length .. ' used'
  left[#left + 1] = math.max(limit - count, 0)
  ends[#ends + 1] = since + length
  granted = math.min(granted, left[#left])
end

-- More may go once each window has room that has none after this.
if granted < tonumber(ARGV[1]) then
  for place = 1, #used do
    if left[place] == granted then wait = math.max(wait, ends[place] - now) end
  end
end

if granted > 0 then
  for _, field in ipairs(used) do redis.call('HINCRBY', KEYS[1], field, granted) end
end
return { granted, wait }
