-- A live worker keeps its entries: their idle time starts anew, their delivery count stays. An
-- entry that another consumer has taken over is left to it.
-- KEYS: stream. ARGV: group, consumer, entry ids.

local kept = 0
for place = 3, #ARGV do
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[place], ARGV[place], 1)
  if #pending == 1 and pending[1][2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[place], 'JUSTID')
    kept = kept + 1
  end
end
return kept
