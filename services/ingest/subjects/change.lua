-- with: audit/audit
-- A subject is changed or removed: the state, its event and who did it, in one step.
--
-- key.subjects hash: id → the subject as JSON
-- key.version string: of the last change of any subject
-- key.stream stream: of reference data
-- arg.id text
-- arg.before text: the subject as it was read, '' if there was none
-- arg.after text: as it is to be, '' if it is removed
-- arg.version number: of this change
-- arg.event text: JSON of its fields
--
-- answer done
-- answer moved: somebody else was faster, here or in the trail; nothing was written

local before = redis.call('HGET', key.subjects, arg.id) or ''
local version = tonumber(redis.call('GET', key.version) or '0')
if before ~= arg.before or version ~= arg.version - 1 or not audit_ready() then
  return { 'moved' }
end
emit(key.stream, arg.event)
audit_append()
if arg.after == '' then
  redis.call('HDEL', key.subjects, arg.id)
else
  redis.call('HSET', key.subjects, arg.id, arg.after)
end
redis.call('SET', key.version, arg.version)
return { 'done' }
