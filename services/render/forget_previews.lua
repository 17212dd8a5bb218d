-- Forgets previews whose files are removed, and the article where it has no other: in one step, so
-- that one that is kept meanwhile stays known.
-- KEYS: the article's previews, all articles that have one.
-- ARGV: article, then the fields to forget.

expect(KEYS[1], 'hash')
expect(KEYS[2], 'set')

redis.call('HDEL', KEYS[1], unpack(ARGV, 2))
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[2], ARGV[1]) end
