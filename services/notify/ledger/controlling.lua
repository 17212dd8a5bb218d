-- with: states, tell
-- What may be done with a delivery, for whoever asks: it is held, or goes on again, or is
-- cancelled, or the members whom it failed to reach are owed it again. Workers see `held` with
-- their next claim or record. Held: nobody is mailed until it goes on. Cancelled: open members are
-- suppressed, which completes it. Going on brings also those members forward whom the relay put
-- off. A hold for the page is lifted by itself, so it gives way to any other hold.
--
-- key.ledger string
-- key.delivery hash
-- key.failures hash: number → the relay's codes
-- key.replies hash
-- key.tries hash
-- key.put_off hash: chunks whose members were put off
-- key.chunks stream
-- key.events stream: of deliveries
-- key.wakes string: a number; with another, chunks that wait are looked at again in all processes
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.chunk_planned text: JSON of a chunk.planned event's fields, completed here
-- arg.chunk_size number: members in a chunk
-- arg.action text: hold, resume, cancel or again
-- arg.why text: what holds it, if it is to be held; if it goes on, `right` if its page is,
--   `patience` if nobody could tell for long enough, else a person decided
--
-- answer done count: of `again`, so many members
-- answer same: it is so already
-- answer none: there is no such delivery
-- answer superseded
-- answer cancelled
-- answer complete
-- answer changed: something else holds it than the caller saw
-- answer forgotten: it is so old that nobody knows any more whom it failed to reach

local act = {}

function act.hold(delivery)
  local for_page = delivery.held:find('^page_')
  if delivery.held == arg.why or (delivery.held ~= '' and not for_page) then return 'same' end
  redis.call('HSET', key.delivery, 'held', arg.why, 'cause', arg.why, 'state', 'paused')
  tell(key.delivery, key.events, arg.event, 'delivery.paused')
  return 'done', 0
end

function act.resume(delivery)
  local brought = redis.call('DEL', key.put_off) == 1
  redis.call('HDEL', key.delivery, 'put_off_until')
  local was_paused = delivery.state == 'paused'
  if not (was_paused or brought) then return 'same' end
  if was_paused then
    redis.call('HSET', key.delivery, 'held', '', 'cause', '', 'state', 'sending',
      'tried_at', whole(now_ms()))
  end
  if delivery.held:find('^page_') then
    local passed = { right = '', patience = 'patience' }
    redis.call('HSET', key.delivery, 'page_passed', passed[arg.why] or 'person')
  end
  tell(key.delivery, key.events, arg.event, 'delivery.progressed')
  return 'done', 0
end

function act.cancel()
  redis.call('HSET', key.delivery, 'held', 'cancelled', 'cause', 'cancelled', 'state', 'sending')
  tell(key.delivery, key.events, arg.event, 'delivery.progressed')
  return 'done', 0
end

function act.again(delivery)
  local count, chunks, failures = 0, {}, redis.call('HGETALL', key.failures)
  for place = 1, #failures, 2 do
    local number = failures[place]
    local byte = redis.call('GETRANGE', key.ledger, number, number):byte()
    if byte and byte % STATES == State.failed then
      local planned = byte - State.failed + State.planned -- the flags stay
      redis.call('SETRANGE', key.ledger, number, string.char(planned))
      count = count + 1
      count_cause(key.delivery, 'failed', failures[place + 1], -1)
      chunks[math.floor(number / arg.chunk_size)] = true
    end
  end
  if count == 0 and delivery.failed ~= '0' then return 'forgotten' end
  if count == 0 then return 'done', 0 end
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
  return 'done', count
end

-- Do what is asked with the delivery, as read_delivery gives it. `seen` is what held it as the caller
-- saw it, nil if the caller does not mind. Gives the answer.
local function control(delivery, seen)
  if delivery.state == '' then return 'none' end
  if delivery.superseded ~= '' then return 'superseded' end
  if delivery.cause == 'cancelled' then return 'cancelled' end
  if arg.action ~= 'again' and delivery.state == 'complete' then return 'complete' end
  if seen and delivery.held ~= seen then return 'changed' end
  local word, count = act[arg.action](delivery)
  if word == 'done' then redis.call('INCR', key.wakes) end
  return word, count
end
