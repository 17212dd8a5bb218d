-- with: audit/audit
-- An expert's remark, with its entry in the audit trail, while the link still opens something. A
-- form that is sent twice is one remark.
--
-- key.links hash: id → the link
-- key.remarks hash: id → the remark
-- arg.link text: the link's id
-- arg.link_record text: the link as the caller saw it
-- arg.ends number: when it ends, in ms since 1970
-- arg.id text: the remark's
-- arg.record text
-- arg.most number: how many remarks there may be
--
-- answer done
-- answer gone: the link has ended
-- answer full
-- answer moved: the trail has gone on meanwhile

if redis.call('HEXISTS', key.remarks, arg.id) == 1 then return { 'done' } end
if redis.call('HGET', key.links, arg.link) ~= arg.link_record or now_ms() >= arg.ends then
  return { 'gone' }
end
if redis.call('HLEN', key.remarks) >= arg.most then return { 'full' } end
if not audit_ready() then return { 'moved' } end
audit_append()
redis.call('HSET', key.remarks, arg.id, arg.record)
return { 'done' }
