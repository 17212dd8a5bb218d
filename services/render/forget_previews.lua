-- Forgets previews whose files are removed, and the article if it has no other: in one step, so that
-- one that is kept meanwhile stays known.
--
-- key.previews hash: the article's
-- key.articles set: all that have one
-- arg.article text
-- arg.fields text...: to forget
--
-- answer done

redis.call('HDEL', key.previews, unpack(arg.fields))
if redis.call('EXISTS', key.previews) == 0 then redis.call('SREM', key.articles, arg.article) end
return { 'done' }
