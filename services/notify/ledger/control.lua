-- with: tell
-- A delivery is held, or goes on again, or is cancelled. Workers see `held` with their next claim or
-- record. Held: nobody is mailed until it goes on. Cancelled: open members are suppressed, which
-- completes it. Going on brings also those members forward whom the relay put off.
-- A hold for the page is lifted by itself, so it gives way to any other hold.
--
-- key.delivery hash
-- key.events stream: of deliveries
-- key.put_off hash: chunks whose members were put off
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.action text: hold, resume or cancel
-- arg.why text: what holds it
-- arg.expected text: what holds it as the caller saw it, if the caller minds; else ''
--
-- answer done
-- answer same: it is so already
-- answer none: there is no such delivery
-- answer superseded
-- answer cancelled
-- answer complete

local delivery = read_delivery(key.delivery)
if delivery.state == '' then return { 'none' } end
if delivery.superseded ~= '' then return { 'superseded' } end
if delivery.cause == 'cancelled' then return { 'cancelled' } end
if delivery.state == 'complete' then return { 'complete' } end
if arg.expected ~= '' and delivery.held ~= arg.expected then return { 'same' } end

if arg.action == 'hold' then
  local for_page = delivery.held:find('^page_')
  if delivery.held == arg.why or (delivery.held ~= '' and not for_page) then return { 'same' } end
  redis.call('HSET', key.delivery, 'held', arg.why, 'cause', arg.why, 'state', 'paused')
  tell(key.delivery, key.events, arg.event, 'delivery.paused')
elseif arg.action == 'resume' then
  local brought = redis.call('DEL', key.put_off)
  if delivery.state ~= 'paused' then return { brought == 1 and 'done' or 'same' } end
  redis.call('HSET', key.delivery, 'held', '', 'cause', '', 'state', 'sending',
    'tried_at', whole(now_ms()))
  tell(key.delivery, key.events, arg.event, 'delivery.progressed')
else
  redis.call('HSET', key.delivery, 'held', 'cancelled', 'cause', 'cancelled', 'state', 'sending')
  tell(key.delivery, key.events, arg.event, 'delivery.progressed')
end
return { 'done' }
