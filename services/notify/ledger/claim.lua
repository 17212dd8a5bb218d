-- with: fence, states
-- A worker takes members of its chunk before it mails them. Only the chunk's owner may: a worker
-- that was slow and lost the chunk sends nothing more. The entry alone does not make an owner,
-- since a chunk may have a second entry, and two processes one consumer's name: the chunk's lease
-- does, which is taken or renewed here. `sending` is taken again, since an owner before left it.
-- Nothing is taken of a delivery that is held or superseded: the next claim tells.
--
-- key.ledger string
-- key.lease string: who works on the chunk
-- key.delivery hash
-- key.article hash: its newest revision is the one to be mailed
-- key.leases_before string...: those of the chunk of the deliveries before
-- arg.owner text: the caller's name on the lease
-- arg.lease_ms number
-- arg.numbers text: the members', joined by commas
-- arg.is_patient flag: leave the chunk alone while somebody has that of a delivery before: they are
--   about to tell which of its mails nobody got
--
-- answer lost: another worker owns the chunk
-- answer held why: nobody of the delivery may be mailed now
-- answer superseded
-- answer taken revision, numbers…: the newest revision, and the members who are the caller's now

if not owned() then return { 'lost' } end
for _, lease in ipairs(arg.is_patient and key.leases_before or {}) do
  if redis.call('EXISTS', lease) == 1 then return { 'lost' } end
end
local holder = redis.call('GET', key.lease)
if holder and holder ~= arg.owner then return { 'lost' } end
redis.call('SET', key.lease, arg.owner, 'PX', arg.lease_ms)

local held, superseded = unpack(redis.call('HMGET', key.delivery, 'held', 'superseded'))
if superseded then return { 'superseded' } end
if held and held ~= '' then return { 'held', held } end

local taken = { 'taken', tonumber(redis.call('HGET', key.article, 'revision') or '0') }
for word in arg.numbers:gmatch('%d+') do
  local number = tonumber(word)
  if move(key.ledger, number, State.sending) then taken[#taken + 1] = number end
end
keep_states(key.ledger)
return taken
