-- A page is out, or says that its article is withdrawn: it is looked at from now on, in place of
-- the article's older one. The same again, or an older one, changes nothing: its turn stays.
--
-- key.pages hash: article → page
-- key.due zset: article → when
-- arg.article text
-- arg.page text: as JSON
-- arg.revision number
-- arg.withdrawn flag
--
-- answer planned
-- answer older: this page or a newer one is looked at

local before = redis.call('HGET', key.pages, arg.article)
if before then
  local other = cjson.decode(before)
  local is_newer = arg.revision > other.revision
    or (arg.revision == other.revision and arg.withdrawn and not other.withdrawn)
  if not is_newer then return { 'older' } end
end
redis.call('HSET', key.pages, arg.article, arg.page)
redis.call('ZADD', key.due, now_ms(), arg.article)
return { 'planned' }
