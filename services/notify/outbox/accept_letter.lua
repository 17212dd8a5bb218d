-- What a script stands on that accepts letters, also in one step with what they follow from.
-- Whose letters wait stands by itself, so that a member who asks what is kept of them is answered
-- without looking through all that wait.

local MOST_OF_ONE = 100

-- Note in each of `whose` (zsets: ids of letters, by when they are over, in ms) that this letter waits.
-- Only the newest are kept, since strangers may ask for letters to an address without end.
local function note_whose(whose, id, now, life_ms)
  for _, one in ipairs(whose) do
    redis.call('ZREMRANGEBYSCORE', one, '-inf', whole(now))
    redis.call('ZADD', one, whole(now + life_ms), id)
    redis.call('ZREMRANGEBYRANK', one, 0, -MOST_OF_ONE - 1)
    redis.call('PEXPIRE', one, life_ms, 'NX')
    redis.call('PEXPIRE', one, life_ms, 'GT')
  end
end

-- Keep a letter and make it due, unless it was kept before.
local function accept_letter(letter, queue, whose, id, sealed, life_ms)
  if redis.call('EXISTS', letter) == 1 then return end
  local now = whole(now_ms())
  redis.call('HSET', letter, 'made', now, 'asked', now, 'asks', 1, 'sealed', sealed)
  redis.call('PEXPIRE', letter, life_ms)
  redis.call('ZADD', queue, now, id)
  note_whose(whose, id, now_ms(), life_ms)
end
