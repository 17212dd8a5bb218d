-- A letter's link and code begin to work. Done again (a letter that is sent once more) it changes
-- nothing: tries stay behind it, and what was used stays used.
--
-- key.ticket hash: letter (its id); sealed, until it is used; used then
-- key.codes hash?: the codes of the browser that asked: per ticket its tries, until (ms) and hash
-- arg.letter text: the letter's id
-- arg.ticket text: the link's hash
-- arg.sealed text
-- arg.code text: the code's hash; empty if there is none
-- arg.until_ms number: the link works
-- arg.code_until_ms number
--
-- answer done

local now = now_ms()
if arg.until_ms <= now then return { 'done' } end
if redis.call('EXISTS', key.ticket) == 0 then
  redis.call('HSET', key.ticket, 'letter', arg.letter, 'sealed', arg.sealed)
  redis.call('PEXPIRE', key.ticket, whole(arg.until_ms - now))
end
if key.codes and arg.code_until_ms > now then
  local kept = string.format('0 %d %s', arg.code_until_ms, arg.code)
  local is_first = redis.call('EXISTS', key.codes) == 0
  redis.call('HSETNX', key.codes, arg.ticket, kept)
  -- A letter that is sent late must not end the codes of newer ones.
  local left = whole(arg.code_until_ms - now)
  if is_first then
    redis.call('PEXPIRE', key.codes, left)
  else
    redis.call('PEXPIRE', key.codes, left, 'GT')
  end
end
return { 'done' }
