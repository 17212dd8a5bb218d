-- Keeps the newest revision of an article, and everything that lists read, in one step: two
-- processes that hold different revisions end with the newer one, whichever comes first.
-- An article gets its sequence number once, when it is first seen; numbered pages and sitemaps
-- count by it.
-- Of an alert, each published revision is kept, older ones too: each stays a CAP message.
-- KEYS: the article, all articles by sequence, the listed ones by sequence, the listed ones by
-- latest change, counters, the alert's revisions, alerts that hold by their last day.
-- ARGV: id, revision, revision as JSON, teaser as JSON, listed (0 or 1), prefix of sitemaps' keys,
-- addresses per sitemap, path, time of the change, is an alert (0 or 1), last day on which it holds
-- or '', time of the change in seconds since 1970.
-- Returns {'newer' | 'same' | 'older', sequence}.

local article, articles, listed, changed, counters = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local alert, warnings = KEYS[6], KEYS[7]
local id, revision = ARGV[1], tonumber(ARGV[2])
local is_listed, is_alert, last_day = ARGV[5] == '1', ARGV[10] == '1', ARGV[11]

expect(article, 'hash')
expect(articles, 'zset')
expect(listed, 'zset')
expect(changed, 'zset')
expect(counters, 'hash')
expect(alert, 'hash')
expect(warnings, 'zset')

local stored = redis.call('HMGET', article, 'revision', 'sequence')
local sequence = tonumber(stored[2] or '')
if stored[1] and tonumber(stored[1]) >= revision then
  if is_alert then redis.call('HSETNX', alert, revision, ARGV[3]) end
  return { tonumber(stored[1]) == revision and 'same' or 'older', sequence }
end

local next_sequence = sequence or (tonumber(redis.call('HGET', counters, 'articles') or '0') + 1)
local sitemap = ARGV[6] .. math.floor((next_sequence - 1) / tonumber(ARGV[7])) + 1
expect(sitemap, 'hash')

if not sequence then
  sequence = redis.call('HINCRBY', counters, 'articles', 1)
  redis.call('ZADD', articles, sequence, id)
end
redis.call('HSET', article, 'revision', revision, 'sequence', sequence, 'data', ARGV[3],
  'teaser', ARGV[4])
if is_listed then
  redis.call('ZADD', listed, sequence, id)
  redis.call('ZADD', changed, redis.call('HINCRBY', counters, 'changes', 1), id)
  redis.call('HSET', sitemap, ARGV[8], ARGV[9])
else
  redis.call('ZREM', listed, id)
  redis.call('ZREM', changed, id)
  redis.call('HDEL', sitemap, ARGV[8])
end
if is_alert then
  redis.call('HSETNX', alert, revision, ARGV[3])
  local before = tonumber(redis.call('HGET', counters, 'alerts_changed') or '0')
  if is_listed and tonumber(ARGV[12]) > before then
    redis.call('HSET', counters, 'alerts_changed', ARGV[12])
  end
end
if last_day ~= '' then
  redis.call('ZADD', warnings, last_day, id)
else
  redis.call('ZREM', warnings, id)
end
return { 'newer', sequence }
