-- with: fence, states, tell, controlling
-- Staff asked something of a delivery: it is done, and noted in the delivery that it was heard,
-- with the acknowledgement. Wishes have numbers that grow, so one that comes again, or after a
-- newer one, does nothing. Whoever lets it go on lifts what held it as they saw it, and nothing
-- that came since. Each wish that is heard is told of, also if nothing follows: somebody waits for
-- the answer.
--
-- arg.sequence number: the wish's
-- arg.heard_before number: the newest wish of which the journal says that it was heard, or 0
-- arg.seen text: what held the delivery as whoever asked saw it
--
-- answer heard: it was heard before, or a newer one was

local delivery = read_delivery(key.delivery)
local heeded = tonumber(delivery.heeded) or 0
if arg.sequence <= math.max(heeded, arg.heard_before) then
  acknowledge()
  return { 'heard' }
end
if delivery.state == '' then
  acknowledge()
  return { 'none' }
end

redis.call('HSET', key.delivery, 'heeded', whole(arg.sequence))
local told = redis.call('HGET', key.delivery, 'sequence')
-- A pause that the relay brought about holds nothing: `seen` may be its cause then.
local minds = arg.action == 'resume' and delivery.held ~= ''
local word, count = control(delivery, minds and arg.seen or nil)
if redis.call('HGET', key.delivery, 'sequence') == told then
  tell(key.delivery, key.events, arg.event, 'delivery.progressed')
end
acknowledge()
return { word, count }
