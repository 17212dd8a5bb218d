-- with: fence, states, tell
-- A notice to members was approved: it gets its delivery, once. Its content is kept like an alert's.
-- To all: every number given so far, also of those who have left, since their address is kept still;
-- who was erased has no record, and is suppressed by whoever comes to mail them. A person with several
-- numbers gets one mail, by the newest.
--
-- key.article hash: revision and content of the notice
-- key.alert string: its delivery
-- key.delivery hash
-- key.ledger string: its
-- key.last string: the last member's number given
-- key.later hash: number → the one after it, of members who left and came back
-- key.deliveries zset: all, by their start
-- key.chunks stream
-- key.events stream: of deliveries
-- arg.article text: the notice's id
-- arg.delivery text
-- arg.content text: the notice as JSON
-- arg.page_at text: when it was approved
-- arg.started text: now
-- arg.started_at number: the same in seconds since 1970
-- arg.chunk_size number: members in a chunk
-- arg.to_all flag
-- arg.members text: the numbers if it is not for all, joined by commas
-- arg.held text: what holds the delivery from its start, or ''
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.chunk_planned text: JSON of a chunk.planned event's fields, completed here
--
-- answer started audience
-- answer again: it has its delivery

if redis.call('EXISTS', key.delivery) == 1 then
  acknowledge()
  return { 'again' }
end
local last = tonumber(redis.call('GET', key.last) or '0')

local function newest_of(number)
  local later = redis.call('HGET', key.later, number)
  while later do
    number = later
    later = redis.call('HGET', key.later, number)
  end
  return tonumber(number)
end

-- Lay out the ledger; gives the audience.
local function lay_out()
  if arg.to_all then
    redis.call('SETRANGE', key.ledger, last, Byte.planned)
    local older = redis.call('HKEYS', key.later)
    for _, number in ipairs(older) do
      redis.call('SETRANGE', key.ledger, number, Byte.outside)
    end
    return last - #older
  end
  redis.call('SET', key.ledger, string.rep(Byte.outside, last + 1))
  local count, taken = 0, {}
  for word in arg.members:gmatch('%d+') do
    local number = newest_of(tonumber(word))
    if number <= last and not taken[number] then
      redis.call('SETRANGE', key.ledger, number, Byte.planned)
      count, taken[number] = count + 1, true
    end
  end
  return count
end

local audience = lay_out()
local held = audience > 0 and arg.held or ''
local state = audience == 0 and 'complete' or held ~= '' and 'paused' or 'sending'
redis.call('HSET', key.article, 'revision', 1, 'content', arg.content)
-- No leaving was before this cut: those who have left are in it.
redis.call('HSET', key.delivery,
  'article', arg.article, 'revision', 1, 'kind', 'notice', 'mode', 'actual', 'before', '',
  'page_at', arg.page_at, 'started', arg.started, 'state', state,
  'audience', audience, 'open', audience, 'handed_over', 0, 'failed', 0, 'suppressed', 0,
  'last', last, 'leaves', 0, 'sequence', 0, 'held', held, 'cause', held)
tell(key.delivery, key.events, arg.event, 'delivery.started')
if state == 'paused' then tell(key.delivery, key.events, arg.event, 'delivery.paused') end
if state == 'complete' then tell(key.delivery, key.events, arg.event, 'delivery.completed') end
redis.call('HSET', key.delivery, 'told_at', 0) -- so that the first progress is told at once

local size = arg.chunk_size
for chunk = 0, audience > 0 and math.floor(last / size) or -1 do
  local first = math.max(chunk * size, 1)
  local bytes = redis.call('GETRANGE', key.ledger, first, (chunk + 1) * size - 1)
  if bytes:find(Class.waits) then
    plan_chunk(key.chunks, arg.chunk_planned, arg.delivery, chunk)
  end
end
redis.call('ZADD', key.deliveries, arg.started_at, arg.delivery)
redis.call('SET', key.alert, arg.delivery)
acknowledge()
return { 'started', audience }
