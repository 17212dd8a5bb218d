-- Where an article stands in the lists that go by date: of all articles, of alerts, of each topic
-- (`topic:…`) and of each subject (`subject:…`). What must be written again for it is marked in the
-- same step, so that a crash loses none of it.
--
-- key.article hash
-- key.counters hash
-- key.to_write zset: marks of what is to be written again, by their number
-- arg.id text
-- arg.prefix text: of the lists' keys
-- arg.feed_prefix text: of the keys of what changed last in each
-- arg.changed_seconds number: when the article last changed, since 1970

local IN_FEED = 50

local function words_of(text)
  local found = {}
  for word in string.gmatch(text or '', '%S+') do found[#found + 1] = word end
  return found
end

-- A mark that is set again gets a new number: a process that has just done it then does it once more.
local function mark(what)
  redis.call('ZADD', key.to_write, redis.call('HINCRBY', key.counters, 'marks', 1), what)
end

-- Raise unless all these lists, and those in which the article stands, can be written.
local function expect_lists(names)
  for _, list in ipairs({ names, words_of(redis.call('HGET', key.article, 'topics')),
    words_of(redis.call('HGET', key.article, 'subjects')) }) do
    for _, name in ipairs(list) do
      expect(arg.prefix .. name, 'zset')
      expect(arg.feed_prefix .. name, 'zset')
    end
  end
end

-- The article stands in the lists `names` at `order`, and no more in those where it stood by this
-- `field` ('topics' or 'subjects') at `before`, its order until now (nil if it had none). Gives
-- whether anything changed.
local function place(field, names, order, before)
  local stood, stands, changed = {}, {}, false
  for _, name in ipairs(words_of(redis.call('HGET', key.article, field))) do stood[name] = true end
  for _, name in ipairs(names) do
    stands[name] = true
    if not stood[name] or before ~= order then
      redis.call('ZADD', arg.prefix .. name, order, arg.id)
      mark('around ' .. name .. ' ' .. order)
      if stood[name] then mark('around ' .. name .. ' ' .. before) end
      changed = true
    end
    if string.find(name, ':', 1, true) then -- a topic's or a subject's, which have feeds
      redis.call('ZADD', arg.feed_prefix .. name, arg.changed_seconds, arg.id)
      redis.call('ZREMRANGEBYRANK', arg.feed_prefix .. name, 0, -IN_FEED - 1)
    end
  end
  for name in pairs(stood) do
    if not stands[name] then
      redis.call('ZREM', arg.prefix .. name, arg.id)
      redis.call('ZREM', arg.feed_prefix .. name, arg.id)
      mark('around ' .. name .. ' ' .. before)
      mark('list ' .. name)
      changed = true
    end
  end
  redis.call('HSET', key.article, field, table.concat(names, ' '))
  return changed
end
