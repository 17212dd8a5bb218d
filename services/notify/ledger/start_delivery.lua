-- A page is live, or withdrawn: followers' posts are planned, and an alert gets the delivery that it
-- owes, in one step. The first live page of an alert owes one, whatever its revision; after that only
-- a correction or withdrawal does. Such a delivery supersedes the one before it, whose mails that
-- wait are not sent any more, and takes its audience from that one's ledger (see owed_after.lua).
-- Events may come out of order: nothing is posted that is older than the last post, nothing starts
-- that was withdrawn, and nothing is superseded by what is older than it. An edit that came before
-- the correction that it edits does not swallow that, also where the correction's own event never
-- comes: the newest text is mailed, as a correction.
-- KEYS from 2: article, alert, delivery, ledger, notify:last, notify:leaves, notify:deliveries,
-- notify:staff; delivery, ledger, tries and put-off chunks of the delivery before; chunks,
-- deliveries; then the keys that the posts' writes name by their place.
-- ARGV from 4: JSON of {article, delivery, revision, withdrawn, before (the delivery that the caller
-- saw on the alert, or ''), posts as a list of {command, place of key, arguments…}, mail, and with it
-- change, corrected (the newest correction that the revision holds, or 0), mode, content, page_at,
-- started, started_at, chunk_size, held, and two events to be completed here: status (JSON of a
-- delivery event's fields) and chunk_planned (a list of them)}.
-- Gives a word and, for 'started', the audience and the kind. 'nothing': no delivery was started.
-- 'withdrawn': nothing followed at all, since the article was withdrawn before, at this revision or a
-- newer one. 'look again': there is another delivery before this one than the caller saw. 'other
-- mode': the one before was an exercise and this is none, or the other way round.

local ARTICLE, ALERT, DELIVERY, LEDGER = KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local LAST, LEAVES, DELIVERIES, STAFF = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local BEFORE, BEFORE_LEDGER, BEFORE_TRIES, BEFORE_LATER = KEYS[10], KEYS[11], KEYS[12], KEYS[13]
local CHUNKS, TOLD = KEYS[14], KEYS[15]
local plan = cjson.decode(ARGV[4])

for place, wanted in ipairs({
  'hash', 'string', 'hash', 'string', 'string', 'string', 'zset', 'set', 'hash', 'string', 'hash',
  'hash', 'stream', 'stream',
}) do expect(KEYS[place + 1], wanted) end
for _, write in ipairs(plan.posts) do expect_for(write[1], KEYS[write[2]]) end
if (redis.call('GET', ALERT) or '') ~= plan.before then return { 'look again' } end
local before = read_delivery(BEFORE)

-- Who is in the audience of an exercise is not in that of an alert, and the other way round.
local had_audience = before.state ~= '' and before.audience ~= '0'
if plan.mail and had_audience and before.mode ~= plan.mode then return { 'other mode' } end

-- The named field of an event gets a new value.
local function put(event, name, value)
  for place = 1, #event, 2 do
    if event[place] == name then event[place + 1] = value end
  end
end

local function kept(field) return tonumber(redis.call('HGET', ARTICLE, field) or '0') end

-- What kind of delivery this revision owes; nil where none.
local function owed()
  if not plan.mail then return nil end
  if before.state == '' then return plan.change ~= 'withdrawal' and 'alert' or nil end
  local withdrawal = plan.change == 'withdrawal'
  local change = withdrawal and plan.revision or plan.corrected
  if change <= tonumber(before.revision) then return nil end
  local to_nobody = before.kind == 'alert' and before.audience == '0'
  if to_nobody then return not withdrawal and 'alert' or nil end
  return withdrawal and 'withdrawal' or 'correction'
end

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
local kind = live and owed()
if not kind then
  acknowledge()
  return { live and 'nothing' or 'withdrawn' }
end

-- Lay out the ledger; gives the audience, and its cut.
local function lay_out()
  if kind ~= 'alert' then
    local cut = redis.call('HMGET', BEFORE, 'last', 'leaves')
    local keeps_open = kind == 'correction' and before.held ~= 'cancelled'
    local bytes, audience =
      owed_after(redis.call('GET', BEFORE_LEDGER) or '', tonumber(before.open), keeps_open)
    redis.call('SET', LEDGER, bytes)
    return audience, tonumber(cut[1]), tonumber(cut[2])
  end
  local last = tonumber(redis.call('GET', LAST) or '0')
  local leaves = tonumber(redis.call('GET', LEAVES) or '0')
  if plan.mode == 'actual' then
    redis.call('SETRANGE', LEDGER, last, '\0')
    return last - leaves, last, leaves
  end
  redis.call('SET', LEDGER, string.rep('\7', last + 1))
  local staff = redis.call('SMEMBERS', STAFF)
  for _, number in ipairs(staff) do redis.call('SETRANGE', LEDGER, number, '\0') end
  return #staff, last, leaves
end

local audience, last, leaves = lay_out()
local held = audience > 0 and plan.held or ''
local state = audience == 0 and 'complete' or held ~= '' and 'paused' or 'sending'
redis.call('HSET', DELIVERY,
  'article', plan.article, 'revision', plan.revision, 'kind', kind, 'mode', plan.mode,
  'before', kind ~= 'alert' and plan.before or '', 'page_at', plan.page_at,
  'started', plan.started, 'state', state, 'audience', audience, 'open', audience,
  'handed_over', 0, 'failed', 0, 'suppressed', 0,
  'last', last, 'leaves', leaves, 'sequence', 0, 'held', held, 'cause', held)

if kind ~= 'alert' then
  redis.call('HSET', BEFORE, 'superseded', plan.delivery)
  if before.state ~= 'complete' then
    redis.call('HINCRBY', BEFORE, 'suppressed', before.open)
    redis.call('HSET', BEFORE, 'open', 0, 'state', 'complete', 'cause', 'superseded', 'held', '')
    redis.call('DEL', BEFORE_TRIES, BEFORE_LATER)
    tell(BEFORE, TOLD, plan.status, 'delivery.completed')
  end
end

tell(DELIVERY, TOLD, plan.status, 'delivery.started')
if state == 'paused' then tell(DELIVERY, TOLD, plan.status, 'delivery.paused') end
if state == 'complete' then tell(DELIVERY, TOLD, plan.status, 'delivery.completed') end
redis.call('HSET', DELIVERY, 'told_at', 0) -- so that the first progress is told at once

-- Only chunks that have somebody to be mailed.
local size = plan.chunk_size
for chunk = 0, audience > 0 and math.floor(last / size) or -1 do
  local first = math.max(chunk * size, 1)
  if redis.call('GETRANGE', LEDGER, first, (chunk + 1) * size - 1):find('[%z\8]') then
    put(plan.chunk_planned, 'id', plan.delivery .. '.' .. chunk .. '.chunk.planned')
    put(plan.chunk_planned, 'data',
      string.format('{"delivery":"%s","chunk":%d}', plan.delivery, chunk))
    emit(CHUNKS, plan.chunk_planned)
  end
end
redis.call('ZADD', DELIVERIES, plan.started_at, plan.delivery)
redis.call('SET', ALERT, plan.delivery)
acknowledge()
return { 'started', audience, kind }
