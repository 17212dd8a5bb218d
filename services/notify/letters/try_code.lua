-- A browser gives a code. It is held against every letter that the browser asked for, and is one
-- try for each of them; a letter's code is void after so many. The right one is no try: it is used
-- up with its letter's link, once it has done what it is for.
--
-- key.codes hash: per ticket its tries, until (ms) and hash
-- arg.code text: the code's hash
-- arg.tries number
-- arg.kept_ms number: how long it is kept that a browser without codes has tried one
--
-- answer right ticket: the hash of the letter's link
-- answer wrong

local now = now_ms()
local kept = redis.call('HGETALL', key.codes)
local found, counted
for place = 1, #kept, 2 do
  local tries, until_ms, code = kept[place + 1]:match('^(%d+) (%d+) (%x+)$')
  tries, until_ms = tonumber(tries), tonumber(until_ms)
  if tries < arg.tries and until_ms > now then
    if code == arg.code then
      found = kept[place]
    else
      tries = tries + 1
      redis.call('HSET', key.codes, kept[place], string.format('%d %d %s', tries, until_ms, code))
      counted = true
    end
  end
end
if found then return { 'right', found } end
if not counted then
  -- A letter to a member has a code and one to a stranger none: the disk is waited for all the same.
  redis.call('HSET', key.codes, 'none', '0 0 0')
  if #kept == 0 then redis.call('PEXPIRE', key.codes, arg.kept_ms) end
end
return { 'wrong' }
