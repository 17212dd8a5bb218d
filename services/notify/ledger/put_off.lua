-- with: tell
-- Members of a chunk were put off: they come again at its time. The soonest time of all chunks is
-- told.
--
-- key.put_off hash: chunk → how often, and when it is due
-- key.delivery hash
-- key.events stream: of deliveries
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.time text: that event's
-- arg.chunk text: its number
-- arg.kept text: how often, and when in ms since 1970, with a space between
--
-- answer done

redis.call('HSET', key.put_off, arg.chunk, arg.kept)
local now, soonest = now_ms(), math.huge
for _, kept in ipairs(redis.call('HVALS', key.put_off)) do
  local due = tonumber(kept:match('%d+$'))
  if due > now then soonest = math.min(soonest, due) end
end
local before = redis.call('HGET', key.delivery, 'put_off_until')
if soonest < math.huge and whole(soonest) ~= before then
  redis.call('HSET', key.delivery, 'put_off_until', whole(soonest))
  if read_delivery(key.delivery).state ~= 'complete' then
    tell(key.delivery, key.events, arg.event, 'delivery.progressed', arg.time)
  end
end
return { 'done' }
