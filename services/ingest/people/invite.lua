-- with: audit/audit, of_person
-- An invitation and who made it, in one step. A person has one at a time: the link before it opens
-- nothing any more. Somebody who was revoked at the same moment gets none.
--
-- key.invitations hash
-- key.people hash
-- key.let_in set: see let_in.py
-- arg.id text: the invitation's
-- arg.record text
-- arg.person text: the id of whom it is for
-- arg.as text: the person as they were read
-- arg.let_in text: what is kept of who made it, '' if nothing is
--
-- answer done: also if it is sent again after its answer was lost
-- answer moved: the trail has gone on, or the person has changed

if redis.call('HGET', key.invitations, arg.id) == arg.record then return { 'done' } end
if redis.call('HGET', key.people, arg.person) ~= arg.as or not audit_ready() then
  return { 'moved' }
end
audit_append()
drop_of(key.invitations, arg.person)
redis.call('HSET', key.invitations, arg.id, arg.record)
if arg.let_in ~= '' then redis.call('SADD', key.let_in, arg.let_in) end
return { 'done' }
