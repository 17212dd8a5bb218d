-- A day of the audit trail is sealed: the event and that it was told, in one step, so that each day
-- is told once and none is passed over, however many processes look.
--
-- key.sealed string: the last sealed day
-- key.stream stream: of articles
-- arg.before text: the day that was read, '' for none
-- arg.day text
-- arg.event text: JSON of its fields
--
-- answer done
-- answer moved: another process was faster

if (redis.call('GET', key.sealed) or '') ~= arg.before then return { 'moved' } end
emit(key.stream, arg.event)
redis.call('SET', key.sealed, arg.day)
return { 'done' }
