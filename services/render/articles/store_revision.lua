-- with: place
-- Keeps the newest revision of an article, and everything that lists read, in one step: two
-- processes that hold different revisions end with the newer one, whichever comes first.
-- An article gets its sequence number once, when it is first seen; numbered pages and sitemaps
-- count by it.
-- Of an alert, each published revision is kept, older ones too: each stays a CAP message.
--
-- key.articles zset: all, by sequence
-- key.listed zset: the listed ones, by sequence
-- key.changed zset: the listed ones, by latest change
-- key.alert hash: the alert's revisions
-- key.warnings zset: alerts that hold, by their last day
-- key.exercises zset: exercises and tests, by latest change
-- arg.revision number
-- arg.data text: the revision, as the store keeps it
-- arg.teaser text: as JSON
-- arg.is_listed flag
-- arg.is_found flag: sitemaps have it
-- arg.sitemap text: prefix of sitemaps' keys
-- arg.sitemap_size number: addresses in a sitemap
-- arg.path text
-- arg.changed_at text
-- arg.is_alert flag
-- arg.is_exercise flag
-- arg.is_moved flag: published with its old date, as it was moved from another site
-- arg.last_day text: on which it holds, or ''
-- arg.day number: that it bears, since year 1
-- arg.lists text...: those that go by date and show it
--
-- answer newer sequence
-- answer same sequence
-- answer older sequence

local stored = redis.call('HMGET', key.article, 'revision', 'sequence', 'order', 'subjects')
local sequence = tonumber(stored[2] or '')

-- By the day that readers see, and on the same day by first publication.
local function place_by_date()
  local order = whole(arg.day * 10000000 + sequence)
  local before = stored[3] or nil
  place('topics', arg.lists, order, before)
  place('subjects', arg.is_listed and words_of(stored[4]) or {}, order, before)
  redis.call('HSET', key.article, 'order', order)
end

-- Once it stands among exercises, only a change moves it there.
local function place_exercise(is_changed)
  if not arg.is_exercise then
    redis.call('ZREM', key.exercises, arg.id)
  elseif is_changed or not redis.call('ZSCORE', key.exercises, arg.id) then
    redis.call('ZADD', key.exercises, redis.call('HINCRBY', key.counters, 'changes', 1), arg.id)
  end
end

expect_lists(arg.lists)
if stored[1] and tonumber(stored[1]) >= arg.revision then
  local is_same = tonumber(stored[1]) == arg.revision
  if arg.is_alert then redis.call('HSETNX', key.alert, arg.revision, arg.data) end
  if is_same then -- changes nothing, unless the rule of its lists has
    place_by_date()
    place_exercise(false)
  end
  return { is_same and 'same' or 'older', sequence }
end

local next_sequence = sequence or (tonumber(redis.call('HGET', key.counters, 'articles') or '0') + 1)
local sitemap = arg.sitemap .. math.floor((next_sequence - 1) / arg.sitemap_size) + 1
-- Not declared in the head, since only here is it known which sitemap it is: its type is looked at
-- before the first write all the same, as a script has no rollback.
expect(sitemap, 'hash')

if not sequence then
  sequence = redis.call('HINCRBY', key.counters, 'articles', 1)
  redis.call('ZADD', key.articles, sequence, arg.id)
end
redis.call('HSET', key.article, 'revision', arg.revision, 'sequence', sequence, 'data', arg.data,
  'teaser', arg.teaser)
if arg.is_listed then
  redis.call('ZADD', key.listed, sequence, arg.id)
  -- What was moved here from another site comes behind all that changed here, by its own time.
  local change = arg.is_moved and arg.changed_seconds - 1e11
    or redis.call('HINCRBY', key.counters, 'changes', 1)
  redis.call('ZADD', key.changed, whole(change), arg.id)
else
  redis.call('ZREM', key.listed, arg.id)
  redis.call('ZREM', key.changed, arg.id)
end
place_exercise(true)
if arg.is_found then
  redis.call('HSET', sitemap, arg.path, arg.changed_at)
else
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
place_by_date()
for _, name in ipairs(arg.lists) do mark('list ' .. name) end
for _, name in ipairs(words_of(redis.call('HGET', key.article, 'subjects'))) do mark('list ' .. name) end
mark('article ' .. arg.id)
return { 'newer', sequence }
