-- with: audit/audit, of_person
-- An invitation is used, once, and what lets the person in from now on is theirs, in one step: so
-- nobody is left with a link that is used up and no way in. Whoever needs a link has lost the
-- device with the passkey: what passkeys they had end in the same step. The trail says all of it.
--
-- key.invitations hash
-- key.people hash
-- key.keys hash?: passkeys or accounts; none if a button lets in, on a system that is only tried
-- key.passkeys hash
-- arg.id text: the invitation's
-- arg.before text: its record as it was read
-- arg.after text: its record once it is used, by this call
-- arg.key text: the passkey's or account's id
-- arg.record text: of that
-- arg.person text: the id of whose it is
-- arg.as text: the person as they were read
-- arg.ended number: how many passkeys they had, as the trail says
--
-- answer done: also if it is sent again after its answer was lost
-- answer taken: there is a passkey or account with this id; nothing was written
-- answer moved: somebody else has used it, the person or what they have has changed, or the
--   trail has gone on

local stored = redis.call('HGET', key.invitations, arg.id)
if stored == arg.after then return { 'done' } end
if stored ~= arg.before or redis.call('HGET', key.people, arg.person) ~= arg.as then
  return { 'moved' }
end
if key.keys and redis.call('HEXISTS', key.keys, arg.key) == 1 then return { 'taken' } end
if key.keys and many_of(key.passkeys, arg.person) ~= arg.ended then return { 'moved' } end
if not audit_ready() then return { 'moved' } end
audit_append()
redis.call('HSET', key.invitations, arg.id, arg.after)
if key.keys then
  drop_of(key.passkeys, arg.person)
  redis.call('HSET', key.keys, arg.key, arg.record)
end
return { 'done' }
