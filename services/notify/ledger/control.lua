-- A delivery is held, or goes on again, or is cancelled. Workers see `held` with their next claim or
-- record. Held: nobody is mailed until it goes on. Cancelled: whoever is open is suppressed, which
-- completes it. Going on brings also those forward who were put off.
-- KEYS: delivery, stream of deliveries, put-off chunks. ARGV: an event's fields as JSON, to be
-- completed here; the action, `hold`, `resume` or `cancel`; and why it is held.
-- Gives 'done', or why not: 'none', 'superseded', 'cancelled', 'complete', or 'same' where it is so
-- already.

expect(KEYS[1], 'hash')
expect(KEYS[2], 'stream')
expect(KEYS[3], 'hash')
local delivery = read_delivery(KEYS[1])
if delivery.state == '' then return 'none' end
if delivery.superseded ~= '' then return 'superseded' end
if delivery.cause == 'cancelled' then return 'cancelled' end
if delivery.state == 'complete' then return 'complete' end

local action, why = ARGV[2], ARGV[3]
if action == 'hold' then
  if delivery.held ~= '' then return 'same' end
  redis.call('HSET', KEYS[1], 'held', why, 'cause', why, 'state', 'paused')
  tell(KEYS[1], KEYS[2], ARGV[1], 'delivery.paused')
elseif action == 'resume' then
  local brought = redis.call('DEL', KEYS[3])
  if delivery.state ~= 'paused' then return brought == 1 and 'done' or 'same' end
  redis.call('HSET', KEYS[1], 'held', '', 'cause', '', 'state', 'sending',
    'tried_at', string.format('%d', now_ms()))
  tell(KEYS[1], KEYS[2], ARGV[1], 'delivery.progressed')
else
  redis.call('HSET', KEYS[1], 'held', 'cancelled', 'cause', 'cancelled', 'state', 'sending')
  tell(KEYS[1], KEYS[2], ARGV[1], 'delivery.progressed')
end
return 'done'
