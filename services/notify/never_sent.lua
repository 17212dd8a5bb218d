-- A delivery was superseded while a worker had members in hand: each of them may have had the old
-- version then, and is owed a correction or withdrawal of it. Now it is known whose mail was never
-- sent. A correction is the first that they get; a withdrawal is none of their business.
-- KEYS: ledger of the superseded delivery, ledger and delivery after it, stream of deliveries.
-- ARGV: an event's fields as JSON, to be completed here; members' numbers joined by commas.

expect(KEYS[1], 'string')
expect(KEYS[2], 'string')
expect(KEYS[3], 'hash')
expect(KEYS[4], 'stream')

local delivery = read_delivery(KEYS[3])
local becomes = delivery.kind == 'correction' and '\0' or '\5'
local count = 0
for word in ARGV[2]:gmatch('%d+') do
  local number = tonumber(word)
  local old = redis.call('GETRANGE', KEYS[1], number, number)
  -- Nobody has taken the member for the new version yet, nor were they reached before that.
  if (old == '\0' or old == '\3') and redis.call('GETRANGE', KEYS[2], number, number) == '\8' then
    redis.call('SETRANGE', KEYS[2], number, becomes)
    count = count + 1
  end
end

-- The open members of a superseded delivery are counted as suppressed already.
if count == 0 or becomes == '\0' or delivery.superseded ~= '' then return end
local open = redis.call('HINCRBY', KEYS[3], 'open', -count)
redis.call('HINCRBY', KEYS[3], 'suppressed', count)
if open == 0 then
  redis.call('HSET', KEYS[3], 'state', 'complete', 'cause', '', 'held', '')
  tell(KEYS[3], KEYS[4], ARGV[1], 'delivery.completed')
else
  tell(KEYS[3], KEYS[4], ARGV[1], 'delivery.progressed')
end
