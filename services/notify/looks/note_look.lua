-- A page was looked at: what was found is told, and when the next look is. Of an article that has
-- another page by now nothing is told: what was read is of no use.
--
-- key.pages hash: article → page
-- key.due zset: article → when
-- key.events stream: of deliveries
-- arg.article text
-- arg.page text: as it was taken
-- arg.pause number: ms until the next look; nil if this was the last
-- arg.event text: JSON of an event's fields
--
-- answer noted
-- answer other

if redis.call('HGET', key.pages, arg.article) ~= arg.page then return { 'other' } end
emit(key.events, arg.event)
if arg.pause then
  redis.call('ZADD', key.due, now_ms() + arg.pause, arg.article)
else
  redis.call('HDEL', key.pages, arg.article)
  redis.call('ZREM', key.due, arg.article)
end
return { 'noted' }
