-- Processes share the pages that are due, the one that became so last first: somebody waits for it.
-- Taking one moves its time by the lease, so that it falls due again if whoever took it is killed.
--
-- key.pages hash: article → page
-- key.due zset: article → when
-- arg.lease_ms number
--
-- answer taken page: as JSON
-- answer none

local now = now_ms()
local article = redis.call('ZREVRANGEBYSCORE', key.due, now, '-inf', 'LIMIT', 0, 1)[1]
if not article then return { 'none' } end
local page = redis.call('HGET', key.pages, article)
if not page then
  redis.call('ZREM', key.due, article) -- somebody removed the page by hand
  return { 'none' }
end
redis.call('ZADD', key.due, now + arg.lease_ms, article)
return { 'taken', page }
