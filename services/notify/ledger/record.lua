-- with: states, tell
-- What became of some members is written down and counted, whoever tells it: an outcome is a fact,
-- also if the teller has lost the chunk. A member who has a final state keeps it, so the same fact
-- told twice counts once. Each counter is counted by itself; they must add up (promise G6).
-- The open members of a superseded delivery were counted as suppressed, and the delivery after it
-- owes them the rest. What is heard of their mails since still counts: never_sent.lua reads from it
-- who has nothing that could be corrected or withdrawn.
--
-- key.ledger string
-- key.delivery hash
-- key.failures hash: number → the relay's codes
-- key.replies hash: number → the relay's words, sealed
-- key.bounces hash: number → the code with which the mail came back
-- key.tries hash
-- key.put_off hash
-- key.events stream: of deliveries
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.time text: that event's
-- arg.is_last flag: nothing may follow for a while, so the sums are told now
-- arg.refused text: what keeps all mail from the relay, else ''
-- arg.is_let_in flag: it is known that nothing does
-- arg.reached text: numbers of those handed over, joined by commas
-- arg.others text...: per other outcome five: the number, the state's name as in states.lua, its
--   codes, the sealed reply and the tries ('' if there are none)
--
-- answer done halted: 1 if nobody of it may be mailed now, since it is held or superseded
-- answer completed halted: this completed the delivery

local FIELDS = 5
local heard = arg.reached ~= ''
local counted = { handed_over = 0, failed = 0, suppressed = 0 }
local bounced = 0 -- of those handed over, before it was written down
local superseded = redis.call('HGET', key.delivery, 'superseded')

-- Whether the member had no final state until now.
local function settle(number, state)
  if superseded and state == 'suppressed' then return false end
  -- A member about whom the relay has answered before is deferred, not planned.
  local tried = state == 'planned' and redis.call('HEXISTS', key.tries, number) == 1
  local moved, has_bounced = move(key.ledger, number, tried and State.deferred or State[state])
  if not moved then return false end
  if has_bounced then
    bounced = bounced + 1
    count_cause(key.delivery, 'bounced', redis.call('HGET', key.bounces, number) or '', 1)
  end
  if counted[state] then counted[state] = counted[state] + 1 end
  heard = heard or state ~= 'planned'
  return true
end

for word in arg.reached:gmatch('%d+') do settle(tonumber(word), 'handed_over') end
for place = 1, #arg.others, FIELDS do
  local number, state, codes, reply, tries = unpack(arg.others, place, place + FIELDS - 1)
  if settle(tonumber(number), state) then
    if state == 'failed' then
      redis.call('HSET', key.failures, number, codes)
      redis.call('HSET', key.replies, number, reply)
      count_cause(key.delivery, 'failed', codes, 1)
    end
    if tries ~= '' and not superseded then redis.call('HSET', key.tries, number, tries) end
  end
end
keep_states(key.ledger)
for state, count in pairs(counted) do
  if count > 0 then
    redis.call('HINCRBY', key.delivery, state, count)
    redis.call('HINCRBY', key.delivery, superseded and 'suppressed' or 'open', -count)
  end
end
if bounced > 0 then redis.call('HINCRBY', key.delivery, 'bounced', bounced) end

if superseded then
  if counted.handed_over + counted.failed > 0 then
    tell(key.delivery, key.events, arg.event, 'delivery.progressed', arg.time)
  end
  return { 'done', 1 }
end
local delivery = read_delivery(key.delivery)
local is_held = delivery.held ~= ''
local now = now_ms()
-- While the relay refuses us, another refusal is no going on: only a mail that it takes is.
if heard and (delivery.state ~= 'paused' or counted.handed_over > 0) then
  redis.call('HSET', key.delivery, 'tried_at', whole(now))
end

if delivery.open == '0' and delivery.state ~= 'complete' then
  complete(key.delivery, key.tries, key.put_off, key.events, arg.event, cause_of_end(delivery),
    arg.time)
  return { 'completed', is_held and 1 or 0 }
end

-- It pauses by itself if the relay refuses us, and goes on by itself once that takes mail again, or
-- speaks of members. Why it pauses is told again if that has changed.
local MOST_OFTEN_MS = 1000
local is_paused = delivery.state == 'paused' and not is_held
local is_sending = delivery.state == 'sending' and not is_held
if arg.refused ~= '' and (is_sending or (is_paused and delivery.cause ~= arg.refused)) then
  redis.call('HSET', key.delivery, 'state', 'paused', 'cause', arg.refused)
  tell(key.delivery, key.events, arg.event, 'delivery.paused', arg.time)
elseif is_paused and (counted.handed_over > 0 or arg.is_let_in) then
  redis.call('HSET', key.delivery, 'state', 'sending', 'cause', '')
  tell(key.delivery, key.events, arg.event, 'delivery.progressed', arg.time)
elseif delivery.open ~= delivery.told_open
    and (arg.is_last or now - (tonumber(delivery.told_at) or 0) >= MOST_OFTEN_MS) then
  tell(key.delivery, key.events, arg.event, 'delivery.progressed', arg.time)
end
return { 'done', is_held and 1 or 0 }
