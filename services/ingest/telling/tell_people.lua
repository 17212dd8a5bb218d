-- A telling is due and was judged: the event that has people told, and what is kept of the telling,
-- in one step. So each is told once, however many processes look and whichever dies. Whoever judged
-- by what has changed since does nothing, and judges again.
--
-- key.tellings hash: id → the telling as JSON
-- key.tellings_due zset
-- key.stream stream: of control
-- arg.id text
-- arg.before text: the telling as it was judged, '' if there was none
-- arg.due number: when it was due, in ms
-- arg.after text: what is kept of it, '' for nothing
-- arg.again number: when it is due again, in ms; nil if it is not
-- arg.event text: JSON of the event's fields, '' if nobody is told
--
-- answer done
-- answer moved: somebody was faster, or something has happened since

local due = tonumber(redis.call('ZSCORE', key.tellings_due, arg.id) or '')
if due ~= arg.due or (redis.call('HGET', key.tellings, arg.id) or '') ~= arg.before then
  return { 'moved' }
end
if arg.event ~= '' then emit(key.stream, arg.event) end
if arg.after ~= '' then
  redis.call('HSET', key.tellings, arg.id, arg.after)
else
  redis.call('HDEL', key.tellings, arg.id)
end
if arg.again then
  redis.call('ZADD', key.tellings_due, whole(arg.again), arg.id)
else
  redis.call('ZREM', key.tellings_due, arg.id)
end
return { 'done' }
