-- Keeps the newest revision of an article, and everything that lists read, in one step: two
-- processes that hold different revisions end with the newer one, whichever comes first.
-- An article gets its sequence number once, when it is first seen; numbered pages and sitemaps
-- count by it.
-- KEYS: the article, all articles by sequence, the listed ones by sequence, the listed ones by
-- latest change, counters.
-- ARGV: id, revision, revision as JSON, teaser as JSON, withdrawn (0 or 1), listed (0 or 1),
-- prefix of sitemaps' keys, addresses per sitemap, path, time of the change.
-- Returns {'newer' | 'same' | 'older', sequence}.

local article, articles, listed, changed, counters = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, revision = ARGV[1], tonumber(ARGV[2])

expect(article, 'hash')
expect(articles, 'zset')
expect(listed, 'zset')
expect(changed, 'zset')
expect(counters, 'hash')

local stored = redis.call('HMGET', article, 'revision', 'sequence')
local sequence = tonumber(stored[2] or '')
if stored[1] and tonumber(stored[1]) >= revision then
  return { tonumber(stored[1]) == revision and 'same' or 'older', sequence }
end

local next_sequence = sequence or (tonumber(redis.call('HGET', counters, 'articles') or '0') + 1)
local sitemap = ARGV[7] .. math.floor((next_sequence - 1) / tonumber(ARGV[8])) + 1
expect(sitemap, 'hash')

if not sequence then
  sequence = redis.call('HINCRBY', counters, 'articles', 1)
  redis.call('ZADD', articles, sequence, id)
end
redis.call('HSET', article, 'revision', revision, 'sequence', sequence, 'data', ARGV[3],
  'teaser', ARGV[4], 'withdrawn', ARGV[5])
if ARGV[6] == '1' then
  redis.call('ZADD', listed, sequence, id)
  redis.call('ZADD', changed, redis.call('HINCRBY', counters, 'changes', 1), id)
  redis.call('HSET', sitemap, ARGV[9], ARGV[10])
else
  redis.call('ZREM', listed, id)
  redis.call('ZREM', changed, id)
  redis.call('HDEL', sitemap, ARGV[9])
end
return { 'newer', sequence }
