-- with: audit/audit
-- Somebody of the staff asks something of a delivery, all or nothing: the event, the entry in the
-- audit trail, and what is shown until notify has heard it. A client whose connection broke sends
-- the script again: it finds its own wish and is done.
--
-- key.wishes hash: of the article: delivery → the newest wish about it
-- key.stream stream: of control
-- arg.delivery text
-- arg.before text: the newest wish as the caller saw it, or ''
-- arg.wish text
-- arg.event text: JSON of the event's fields
--
-- answer done
-- answer moved: something else was asked, or the trail has gone on meanwhile

local now = redis.call('HGET', key.wishes, arg.delivery) or ''
if now == arg.wish then return { 'done' } end
if now ~= arg.before or not audit_ready() then return { 'moved' } end
audit_append()
emit(key.stream, arg.event)
redis.call('HSET', key.wishes, arg.delivery, arg.wish)
return { 'done' }
