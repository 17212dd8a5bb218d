-- What a script stands on that accepts letters in one step with what they follow from.

-- Keep a letter and make it due, unless it was kept before.
local function accept_letter(letter, queue, id, sealed, life_ms)
  if redis.call('EXISTS', letter) == 1 then return end
  local now = whole(now_ms())
  redis.call('HSET', letter, 'made', now, 'asked', now, 'asks', 1, 'sealed', sealed)
  redis.call('PEXPIRE', letter, life_ms)
  redis.call('ZADD', queue, now, id)
end
