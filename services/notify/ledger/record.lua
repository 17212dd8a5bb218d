-- What became of some members is written down and counted, whoever tells it: an outcome is a fact,
-- also when the teller has lost the chunk. A member who has a final state keeps it, so the same
-- fact told twice counts once. Each counter is counted by itself; they must add up (promise G6).
-- A byte is a state (modulo 8) and flags, which stay (see states.lua). Of a superseded delivery only
-- two facts still count: that a mail was handed over, and that one was never sent. Its other open
-- members were counted as suppressed, and the delivery after it owes them the rest.
-- KEYS: ledger, delivery, failures, replies, tries, stream of deliveries, put-off chunks.
-- ARGV: an event's fields as JSON (delivery.progressed, to be completed here) and its time, '1' where
-- nothing may follow for a while, so that the sums are told now, the relay's codes where it refuses us
-- and not a member (else ''), the numbers of those handed over, joined by commas, then per other outcome
-- the number, the state's name, its codes, the sealed reply and the tries ('' where there are none).
-- Gives two flags: whether this completed the delivery, and whether nobody of it may be mailed now,
-- since it is held or superseded.

expect(KEYS[1], 'string')
for place = 2, 5 do expect(KEYS[place], 'hash') end
expect(KEYS[6], 'stream')
expect(KEYS[7], 'hash')

local EVENT, TIME, LAST, REFUSED, REACHED, OTHERS = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], 6
local states = {
  planned = PLANNED, sending = SENDING, handed_over = HANDED_OVER, deferred = DEFERRED,
  failed = FAILED, suppressed = SUPPRESSED,
}
local heard = REACHED ~= ''
local counted = { handed_over = 0, failed = 0, suppressed = 0 }
local superseded = redis.call('HGET', KEYS[2], 'superseded')

-- Whether the member had no final state until now.
local function settle(number, state)
  if superseded and state ~= 'handed_over' and state ~= 'planned' then return false end
  -- Whom the relay has spoken of before stays somebody who comes again.
  local tried = state == 'planned' and redis.call('HEXISTS', KEYS[5], number) == 1
  if not move(KEYS[1], number, tried and DEFERRED or states[state]) then return false end
  if counted[state] then counted[state] = counted[state] + 1 end
  heard = heard or state ~= 'planned'
  return true
end

for word in REACHED:gmatch('%d+') do settle(tonumber(word), 'handed_over') end
for place = OTHERS, #ARGV, 5 do
  local number, state = ARGV[place], ARGV[place + 1]
  if settle(tonumber(number), state) then
    if state == 'failed' then
      redis.call('HSET', KEYS[3], number, ARGV[place + 2])
      redis.call('HSET', KEYS[4], number, ARGV[place + 3])
    end
    if ARGV[place + 4] ~= '' then redis.call('HSET', KEYS[5], number, ARGV[place + 4]) end
  end
end
keep_states(KEYS[1])
for state, count in pairs(counted) do
  if count > 0 then
    redis.call('HINCRBY', KEYS[2], state, count)
    redis.call('HINCRBY', KEYS[2], superseded and 'suppressed' or 'open', -count)
  end
end

if superseded then
  if counted.handed_over > 0 then tell(KEYS[2], KEYS[6], EVENT, 'delivery.progressed', TIME) end
  return { 0, 1 }
end
local delivery = read_delivery(KEYS[2])
local halted = delivery.held ~= '' and 1 or 0
local ms = now_ms()
-- While the relay refuses us, another refusal is no going on: only a mail that it takes is.
if heard and (delivery.state ~= 'paused' or counted.handed_over > 0) then
  redis.call('HSET', KEYS[2], 'tried_at', string.format('%d', ms))
end

if delivery.open == '0' and delivery.state ~= 'complete' then
  redis.call('HSET', KEYS[2], 'state', 'complete',
    'cause', delivery.held == 'cancelled' and 'cancelled' or '', 'held', '')
  redis.call('DEL', KEYS[5], KEYS[7])
  tell(KEYS[2], KEYS[6], EVENT, 'delivery.completed', TIME)
  return { 1, halted }
end

-- It pauses by itself where the relay refuses us, and goes on by itself where it takes mail again.
if delivery.state == 'sending' and delivery.held == '' and REFUSED ~= '' then
  redis.call('HSET', KEYS[2], 'state', 'paused', 'cause', REFUSED)
  tell(KEYS[2], KEYS[6], EVENT, 'delivery.paused', TIME)
elseif delivery.state == 'paused' and delivery.held == '' and counted.handed_over > 0 then
  redis.call('HSET', KEYS[2], 'state', 'sending', 'cause', '')
  tell(KEYS[2], KEYS[6], EVENT, 'delivery.progressed', TIME)
elseif delivery.open ~= delivery.told_open
    and (LAST == '1' or ms - (tonumber(delivery.told_at) or 0) >= 1000) then
  tell(KEYS[2], KEYS[6], EVENT, 'delivery.progressed', TIME)
end
return { 0, halted }
