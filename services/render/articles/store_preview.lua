-- Keeps a preview, and that its article has one: both in one step, since what forgets them looks at
-- both.
--
-- key.previews hash: the article's
-- key.articles set: all that have one
-- arg.token text
-- arg.preview text: as JSON
-- arg.article text
--
-- answer done

redis.call('HSET', key.previews, arg.token, arg.preview)
redis.call('SADD', key.articles, arg.article)
return { 'done' }
