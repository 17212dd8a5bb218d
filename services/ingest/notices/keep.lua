-- with: audit/audit, telling/telling
-- One step of a notice's life, all or nothing: the notice, its entry in the audit trail, the event
-- that has it mailed, and what staff may have to be told. A client whose connection broke sends the
-- script again: it finds its own notice and is done.
--
-- key.notices hash: id → the notice
-- key.stream stream: of control
-- arg.id text
-- arg.before text: the notice as the caller saw it, or ''
-- arg.after text
-- arg.event text: JSON of the event's fields, or ''
--
-- answer done
-- answer moved: the notice or the trail has gone on meanwhile

local now = redis.call('HGET', key.notices, arg.id) or ''
if now == arg.after then return { 'done' } end
if now ~= arg.before or not audit_ready() then return { 'moved' } end
audit_append()
keep_tellings()
if arg.event ~= '' then emit(key.stream, arg.event) end
redis.call('HSET', key.notices, arg.id, arg.after)
return { 'done' }
