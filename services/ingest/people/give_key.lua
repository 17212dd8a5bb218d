-- with: audit/audit
-- A key or passkey and whose it is, in one step: nobody is let in by one that the trail does not
-- know, and nobody gets one who was revoked at the same moment.
--
-- key.keys hash: API keys or passkeys
-- key.people hash
-- key.let_in set: see let_in.py
-- arg.id text: the key's
-- arg.record text
-- arg.person text: the id of whose it is
-- arg.as text: the person as they were read
-- arg.let_in text: what is kept of who made it, '' if nothing is
--
-- answer done: also if it is sent again after its answer was lost
-- answer taken: there is a key with this id
-- answer moved: the trail has gone on, or the person has changed

local stored = redis.call('HGET', key.keys, arg.id)
if stored then return { stored == arg.record and 'done' or 'taken' } end
if redis.call('HGET', key.people, arg.person) ~= arg.as or not audit_ready() then
  return { 'moved' }
end
audit_append()
redis.call('HSET', key.keys, arg.id, arg.record)
if arg.let_in ~= '' then redis.call('SADD', key.let_in, arg.let_in) end
return { 'done' }
