-- Keeps a preview, and that its article has one: both in one step, since what forgets them looks at
-- both.
-- KEYS: the article's previews, all articles that have one.
-- ARGV: token, preview as JSON, article.

expect(KEYS[1], 'hash')
expect(KEYS[2], 'set')

redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('SADD', KEYS[2], ARGV[3])
