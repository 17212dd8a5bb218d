-- with: states, tell
-- A delivery that is laid out and written down begins: it is told, and has a chunk for each
-- thousand numbers that have somebody to be mailed. What the association says of itself now stands
-- in all its mails, whatever it says later; so does whether one can leave by mail, which is
-- offered only while somebody listens.
--
-- key.alert string: the article's newest delivery
-- key.delivery hash: the one that begins
-- key.ledger string: its
-- key.deliveries zset: all, by their start
-- key.chunks stream
-- key.events stream: of deliveries
-- key.identity hash: what the association says of itself
-- key.listening string: is there while somebody hears what comes to the bounce address
-- arg.delivery text
-- arg.started_at number: seconds since 1970
-- arg.chunk_size number: members in a chunk
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.chunk_planned text: JSON of a chunk.planned event's fields, completed here

local function begin(state, audience, last)
  redis.call('HSET', key.delivery, 'identity', redis.call('HGET', key.identity, 'data') or '{}')
  if redis.call('EXISTS', key.listening) == 1 then
    redis.call('HSET', key.delivery, 'offers_mail', 1)
  end
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
end
