-- with: audit/audit
-- What the association says of itself is changed: the state, its event and who did it, in one step.
--
-- key.identity hash
-- key.stream stream: of what the services know alike
-- arg.version number: of this change
-- arg.after text: the identity as JSON
-- arg.origin text: file or newsroom
-- arg.event text: JSON of its fields
--
-- answer done
-- answer moved: somebody else was faster, here or in the trail; nothing was written

local version = tonumber(redis.call('HGET', key.identity, 'version') or '0')
if version ~= arg.version - 1 or not audit_ready() then return { 'moved' } end
emit(key.stream, arg.event)
audit_append()
redis.call('HSET', key.identity, 'version', arg.version, 'data', arg.after, 'origin', arg.origin)
return { 'done' }
