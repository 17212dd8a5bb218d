-- All that follows from these mails is done: they are forgotten, and what staff should hear is
-- counted, once for each mail whoever says so how often.
--
-- key.mail hash
-- key.due zset
-- key.told hash: what → how often; what and ' at' → when last
-- arg.ids text...: the mails'
-- arg.told text...: of each what staff should hear; empty if nothing
--
-- answer done

local now = now_ms()
for place, id in ipairs(arg.ids) do
  local is_first = redis.call('HDEL', key.mail, id) == 1
  redis.call('ZREM', key.due, id)
  local what = arg.told[place]
  if is_first and what ~= '' then
    redis.call('HINCRBY', key.told, what, 1)
    redis.call('HSET', key.told, what .. ' at', whole(now))
  end
end
return { 'done' }
