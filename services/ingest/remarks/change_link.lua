-- with: audit/audit
-- A link for an expert is made, or ended, with its entry in the audit trail. Those that have
-- expired are dropped on the way. A call that is sent again finds itself and is done.
--
-- key.links hash: id → the link
-- arg.id text
-- arg.before text: the link as the caller saw it, or ''
-- arg.after text: '' ends it
-- arg.expired text...: ids
--
-- answer done
-- answer moved: the link or the trail has gone on meanwhile

local found = redis.call('HGET', key.links, arg.id) or ''
if found == arg.after then return { 'done' } end
if found ~= arg.before or not audit_ready() then return { 'moved' } end
audit_append()
for _, id in ipairs(arg.expired) do redis.call('HDEL', key.links, id) end
if arg.after == '' then
  redis.call('HDEL', key.links, arg.id)
else
  redis.call('HSET', key.links, arg.id, arg.after)
end
return { 'done' }
