-- with: audit/audit, of_person
-- A person is added or changed, and who did it, in one step. Whoever is revoked loses what let them
-- in at the same moment, so there is no time at which a key still opens.
--
-- key.people hash: id → the person as JSON
-- key.names hash: name, as names are compared → id
-- key.keys hash: API keys
-- key.invitations hash
-- key.passkeys hash
-- key.accounts hash
-- key.let_in set: see let_in.py
-- key.stream stream: of control
-- arg.id text
-- arg.before text: the person as they were read, '' if there was none
-- arg.after text
-- arg.name text: as names are compared
-- arg.let_in text: what is kept of who gave a role that may do more, '' if nothing is
-- arg.ends flag: what lets them in ends
-- arg.event text: JSON of the event's fields that has notify forget them, '' if there is none
--
-- answer done: also if it is sent again after its answer was lost
-- answer taken: another person has this name
-- answer moved: somebody else was faster, here or in the trail; nothing was written

local stored = redis.call('HGET', key.people, arg.id) or ''
if stored == arg.after then return { 'done' } end
local owner = redis.call('HGET', key.names, arg.name)
if owner and owner ~= arg.id then return { 'taken' } end
if stored ~= arg.before or not audit_ready() then return { 'moved' } end
audit_append()
if arg.event ~= '' then emit(key.stream, arg.event) end
redis.call('HSET', key.people, arg.id, arg.after)
redis.call('HSET', key.names, arg.name, arg.id)
if arg.let_in ~= '' then redis.call('SADD', key.let_in, arg.let_in) end
if arg.ends then
  drop_of(key.keys, arg.id)
  drop_of(key.invitations, arg.id)
  drop_of(key.passkeys, arg.id)
  drop_of(key.accounts, arg.id)
end
return { 'done' }
