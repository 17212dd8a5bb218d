-- A browser gives a code. It is held against every letter that the browser asked for, and is one try
-- for each of them; a letter's code is void after so many.
--
-- key.codes hash: per ticket its tries, until (ms) and hash
-- arg.code text: the code's hash
-- arg.tries number
--
-- answer right ticket: the hash of the letter's link
-- answer wrong

local now = now_ms()
local kept = redis.call('HGETALL', key.codes)
local found
for place = 1, #kept, 2 do
  local tries, until_ms, code = kept[place + 1]:match('^(%d+) (%d+) (%x+)$')
  tries, until_ms = tonumber(tries), tonumber(until_ms)
  if tries < arg.tries and until_ms > now then
    if code == arg.code then
      found = kept[place]
      tries = arg.tries -- once
    else
      tries = tries + 1
    end
    redis.call('HSET', key.codes, kept[place], string.format('%d %d %s', tries, until_ms, code))
  end
end
if found then return { 'right', found } end
return { 'wrong' }
