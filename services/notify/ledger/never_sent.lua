-- with: states, tell
-- A delivery was superseded while a worker had members in hand: each of them may have had the old
-- version then, and is owed a correction or withdrawal of it. By now it may be known who never got
-- it: their mail was never sent, or put off, or refused. A correction is the first mail that they
-- get; a withdrawal is none of their business.
-- Each worker that begins a chunk of the new delivery looks, so that it does not matter who dies.
--
-- key.ledger_before string: of the superseded delivery
-- key.ledger string: of the delivery after it
-- key.delivery hash: the one after it
-- key.tries hash: its
-- key.put_off hash: its
-- key.events stream: of deliveries
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.first number: the first member's
-- arg.last number: the last member's
--
-- answer done

local STEP = 1000
local delivery = read_delivery(key.delivery)
local becomes = delivery.kind == 'correction' and State.planned or State.suppressed
local count = 0
for from = arg.first, arg.last, STEP do
  local to = math.min(from + STEP - 1, arg.last)
  local old = redis.call('GETRANGE', key.ledger_before, from, to)
  local new = { redis.call('GETRANGE', key.ledger, from, to):byte(1, -1) }
  local before = count
  for place, byte in ipairs(new) do
    local was = old:byte(place)
    -- Nobody has taken the member for the new version yet, nor were they reached before that.
    local is_owed = byte == State.planned + Flag.earlier
    if is_owed and was and not string.char(was):find(Class.may_have_it) then
      new[place], count = becomes, count + 1
    end
  end
  if count > before then redis.call('SETRANGE', key.ledger, from, string.char(unpack(new))) end
end

-- The open members of a superseded delivery are counted as suppressed already.
local is_counted = becomes == State.planned or delivery.superseded ~= ''
if count == 0 or is_counted then return { 'done' } end
local open = redis.call('HINCRBY', key.delivery, 'open', -count)
redis.call('HINCRBY', key.delivery, 'suppressed', count)
if open == 0 then
  complete(key.delivery, key.tries, key.put_off, key.events, arg.event, cause_of_end(delivery))
else
  tell(key.delivery, key.events, arg.event, 'delivery.progressed')
end
return { 'done' }
