-- A page is live, or withdrawn: followers' posts are planned, and an alert that is live gets its
-- delivery, in one step. A delivery is owed per alert, not per event: the first live page starts it,
-- whatever its revision, and no other ever starts a second. The audience is a cut of the numbered
-- members at this moment. Events may come out of order: nothing is posted that is older than the
-- last post, and nothing starts that was withdrawn.
-- KEYS from 2: article, alert, delivery, ledger, notify:last, notify:leaves, notify:deliveries,
-- chunks, deliveries; then the keys that the posts' writes name by their place.
-- ARGV from 4: JSON of {article, delivery, revision, withdrawn, posts as a list of {command, place
-- of key, arguments…}, mail, and with it content, page_at, started, started_at, chunk_size, held and the
-- events chunk_planned, delivery_started, delivery_paused, delivery_completed as lists of names and values}.
-- Gives the audience; -1 where no delivery was started; -2 where nothing followed at all, since the
-- article was withdrawn before, at this revision or a newer one.

local ARTICLE, ALERT, DELIVERY, LEDGER = KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local LAST, LEAVES, DELIVERIES = KEYS[6], KEYS[7], KEYS[8]
local plan = cjson.decode(ARGV[4])

for place, wanted in ipairs({
  'hash', 'string', 'hash', 'string', 'string', 'string', 'zset', 'stream', 'stream',
}) do expect(KEYS[place + 1], wanted) end
for _, write in ipairs(plan.posts) do expect_for(write[1], KEYS[write[2]]) end

-- The named field of an event gets a new value.
local function put(event, name, value)
  for place = 1, #event, 2 do
    if event[place] == name then event[place + 1] = value end
  end
end

local function kept(field) return tonumber(redis.call('HGET', ARTICLE, field) or '0') end

-- A withdrawal of the revision that was posted last is newer than it; an older one is not.
local live = plan.revision > kept('withdrawn')
if live and plan.revision > kept('posted') - (plan.withdrawn and 1 or 0) then
  for _, write in ipairs(plan.posts) do
    redis.call(write[1], KEYS[write[2]], unpack(write, 3))
  end
  redis.call('HSET', ARTICLE, 'posted', plan.revision)
end
if live and plan.withdrawn then redis.call('HSET', ARTICLE, 'withdrawn', plan.revision) end
if live and plan.mail and plan.revision > kept('revision') then
  redis.call('HSET', ARTICLE, 'revision', plan.revision, 'content', plan.content)
end
if not live then
  acknowledge()
  return -2
end
if not plan.mail or redis.call('EXISTS', ALERT) == 1 then
  acknowledge()
  return -1
end

local last = tonumber(redis.call('GET', LAST) or '0')
local leaves = tonumber(redis.call('GET', LEAVES) or '0')
local audience = last - leaves
local held = audience > 0 and plan.held or ''
local state = audience == 0 and 'complete' or held ~= '' and 'paused' or 'sending'

local function tell(event, sequence)
  put(event, 'data', string.format(
    '{"delivery":"%s","article":"%s","revision":%d,"state":"%s","cause":"%s","audience":%d,'
      .. '"handed_over":0,"failed":0,"suppressed":0,"open":%d,"sequence":%d}',
    plan.delivery, plan.article, plan.revision, state, held, audience, audience, sequence))
  emit(KEYS[10], event)
end

tell(plan.delivery_started, 1)
if audience == 0 then
  tell(plan.delivery_completed, 2)
else
  if held ~= '' then tell(plan.delivery_paused, 2) end
  for chunk = 0, math.floor(last / plan.chunk_size) do
    put(plan.chunk_planned, 'id', plan.delivery .. '.' .. chunk .. '.chunk.planned')
    put(plan.chunk_planned, 'data',
      string.format('{"delivery":"%s","chunk":%d}', plan.delivery, chunk))
    emit(KEYS[9], plan.chunk_planned)
  end
end

redis.call('SETRANGE', LEDGER, last, '\0')
redis.call('HSET', DELIVERY,
  'article', plan.article, 'revision', plan.revision, 'page_at', plan.page_at,
  'started', plan.started, 'state', state, 'audience', audience, 'open', audience,
  'handed_over', 0, 'failed', 0, 'suppressed', 0,
  'last', last, 'leaves', leaves, 'sequence', state == 'sending' and 1 or 2,
  'held', held, 'cause', held,
  'told_at', 0, 'told_open', audience)
redis.call('ZADD', DELIVERIES, plan.started_at, plan.delivery)
redis.call('SET', ALERT, plan.delivery)
acknowledge()
return audience
