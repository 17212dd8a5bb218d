-- with: states, tell
-- Members whom a delivery failed to reach are owed it again, and their chunks are planned anew.
--
-- key.ledger string
-- key.delivery hash
-- key.failures hash: number → the relay's codes
-- key.replies hash
-- key.tries hash
-- key.chunks stream
-- key.events stream: of deliveries
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.chunk_planned text: JSON of a chunk.planned event's fields, completed here
-- arg.chunk_size number: members in a chunk
--
-- answer done count: so many members
-- answer none: there is no such delivery
-- answer superseded
-- answer cancelled
-- answer forgotten: it is so old that nobody knows any more who they were

local delivery = read_delivery(key.delivery)
if delivery.state == '' then return { 'none' } end
if delivery.superseded ~= '' then return { 'superseded' } end
if delivery.cause == 'cancelled' then return { 'cancelled' } end

local count, chunks = 0, {}
for _, number in ipairs(redis.call('HKEYS', key.failures)) do
  local byte = redis.call('GETRANGE', key.ledger, number, number):byte()
  if byte and byte % STATES == State.failed then
    local planned = byte - State.failed + State.planned -- the flags stay
    redis.call('SETRANGE', key.ledger, number, string.char(planned))
    count = count + 1
    chunks[math.floor(number / arg.chunk_size)] = true
  end
end
if count == 0 and delivery.failed ~= '0' then return { 'forgotten' } end
if count == 0 then return { 'done', 0 } end
redis.call('DEL', key.failures, key.replies, key.tries)
redis.call('HINCRBY', key.delivery, 'failed', -count)
redis.call('HINCRBY', key.delivery, 'open', count)
local now = whole(now_ms())
redis.call('HSET', key.delivery, 'again_at', now, 'tried_at', now)
if delivery.state == 'complete' then redis.call('HSET', key.delivery, 'state', 'sending') end
tell(key.delivery, key.events, arg.event, 'delivery.progressed')

for chunk in pairs(chunks) do
  plan_chunk(key.chunks, arg.chunk_planned, id_of(key.delivery), chunk)
end
return { 'done', count }
