-- Turns that were given and not used, since the relay took no connection, count no more: an outage
-- must not use up the day's limit.
-- KEYS: the slices (see take_turns.lua). ARGV: when they were given, in ms; how many; then the length
-- of each limit in ms.

expect(KEYS[1], 'hash')
local PARTS = 20
for place = 3, #ARGV do
  local length = tonumber(ARGV[place])
  local slice = math.floor(tonumber(ARGV[1]) * PARTS / length)
  local field = length .. ' ' .. slice % (PARTS + 1)
  local kept, given = (redis.call('HGET', KEYS[1], field) or ''):match('^(%d+) (%d+)$')
  if tonumber(kept) == slice then
    local left = math.max(tonumber(given) - tonumber(ARGV[2]), 0)
    redis.call('HSET', KEYS[1], field, string.format('%d %d', slice, left))
  end
end
