-- Forgets previews whose files are removed, and the article if it has no other: in one step, so
-- that one that is kept meanwhile stays known.
--
-- key.previews hash: the article's
-- key.articles set: all that have one
-- arg.article text
-- arg.fields text...: to forget
--
-- answer done

redis.call('HDEL', key.previews, unpack(arg.fields))
-- Of sketches the last event's entry is left: nothing stands for it any more.
if redis.call('HLEN', key.previews) == 1 then redis.call('HDEL', key.previews, 'entry') end
if redis.call('EXISTS', key.previews) == 0 then redis.call('SREM', key.articles, arg.article) end
return { 'done' }
