-- A delivery was superseded while a worker had members in hand: each of them may have had the old
-- version then, and is owed a correction or withdrawal of it. By now it may be known whose mail was
-- never sent. A correction is the first that they get; a withdrawal is none of their business.
-- Looked at by whoever begins a chunk of the new delivery, so that it does not matter who dies.
-- KEYS: ledger of the superseded delivery; ledger and delivery after it, stream of deliveries, and the
-- tries and put-off chunks of the one after it.
-- ARGV: an event's fields as JSON, to be completed here; the first and the last member's number.

expect(KEYS[1], 'string')
expect(KEYS[2], 'string')
expect(KEYS[3], 'hash')
expect(KEYS[4], 'stream')
expect(KEYS[5], 'hash')
expect(KEYS[6], 'hash')

local delivery = read_delivery(KEYS[3])
local becomes = delivery.kind == 'correction' and 0 or 5
local first, last = tonumber(ARGV[2]), tonumber(ARGV[3])
local count = 0
for from = first, last, 1000 do
  local to = math.min(from + 999, last)
  local old = redis.call('GETRANGE', KEYS[1], from, to)
  local new = { redis.call('GETRANGE', KEYS[2], from, to):byte(1, -1) }
  local before = count
  for place, byte in ipairs(new) do
    local was = old:byte(place)
    -- Nobody has taken the member for the new version yet, nor were they reached before that.
    if byte == 8 and (was == 0 or was == 3) then
      new[place], count = becomes, count + 1
    end
  end
  if count > before then redis.call('SETRANGE', KEYS[2], from, string.char(unpack(new))) end
end

-- The open members of a superseded delivery are counted as suppressed already.
if count == 0 or becomes == 0 or delivery.superseded ~= '' then return end
local open = redis.call('HINCRBY', KEYS[3], 'open', -count)
redis.call('HINCRBY', KEYS[3], 'suppressed', count)
if open == 0 then
  redis.call('HSET', KEYS[3], 'state', 'complete',
    'cause', delivery.held == 'cancelled' and 'cancelled' or '', 'held', '')
  redis.call('DEL', KEYS[5], KEYS[6])
  tell(KEYS[3], KEYS[4], ARGV[1], 'delivery.completed')
else
  tell(KEYS[3], KEYS[4], ARGV[1], 'delivery.progressed')
end
