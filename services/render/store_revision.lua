-- Keeps the newest revision of an article, and everything that lists read, in one step: two
-- processes that hold different revisions end with the newer one, whichever comes first.
-- An article gets its sequence number once, when it is first seen; numbered pages and sitemaps
-- count by it.
-- Of an alert, each published revision is kept, older ones too: each stays a CAP message.
--
-- key.article hash
-- key.articles zset: all, by sequence
-- key.listed zset: the listed ones, by sequence
-- key.changed zset: the listed ones, by latest change
-- key.counters hash
-- key.alert hash: the alert's revisions
-- key.warnings zset: alerts that hold, by their last day
-- arg.id text
-- arg.revision number
-- arg.data text: the revision as JSON
-- arg.teaser text: as JSON
-- arg.is_listed flag
-- arg.sitemap text: prefix of sitemaps' keys
-- arg.sitemap_size number: addresses in a sitemap
-- arg.path text
-- arg.changed_at text
-- arg.is_alert flag
-- arg.last_day text: on which it holds, or ''
-- arg.changed_seconds number: since 1970
--
-- answer newer sequence
-- answer same sequence
-- answer older sequence

local stored = redis.call('HMGET', key.article, 'revision', 'sequence')
local sequence = tonumber(stored[2] or '')
if stored[1] and tonumber(stored[1]) >= arg.revision then
  if arg.is_alert then redis.call('HSETNX', key.alert, arg.revision, arg.data) end
  return { tonumber(stored[1]) == arg.revision and 'same' or 'older', sequence }
end

local next_sequence = sequence or (tonumber(redis.call('HGET', key.counters, 'articles') or '0') + 1)
local sitemap = arg.sitemap .. math.floor((next_sequence - 1) / arg.sitemap_size) + 1
expect(sitemap, 'hash')

if not sequence then
  sequence = redis.call('HINCRBY', key.counters, 'articles', 1)
  redis.call('ZADD', key.articles, sequence, arg.id)
end
redis.call('HSET', key.article, 'revision', arg.revision, 'sequence', sequence, 'data', arg.data,
  'teaser', arg.teaser)
if arg.is_listed then
  redis.call('ZADD', key.listed, sequence, arg.id)
  redis.call('ZADD', key.changed, redis.call('HINCRBY', key.counters, 'changes', 1), arg.id)
  redis.call('HSET', sitemap, arg.path, arg.changed_at)
else
  redis.call('ZREM', key.listed, arg.id)
  redis.call('ZREM', key.changed, arg.id)
  redis.call('HDEL', sitemap, arg.path)
end
if arg.is_alert then
  redis.call('HSETNX', key.alert, arg.revision, arg.data)
  local before = tonumber(redis.call('HGET', key.counters, 'alerts_changed') or '0')
  if arg.is_listed and arg.changed_seconds > before then
    redis.call('HSET', key.counters, 'alerts_changed', arg.changed_seconds)
  end
end
if arg.last_day ~= '' then
  redis.call('ZADD', key.warnings, arg.last_day, arg.id)
else
  redis.call('ZREM', key.warnings, arg.id)
end
return { 'newer', sequence }
