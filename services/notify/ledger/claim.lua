-- A worker takes members of its chunk before it mails them. Only the chunk's owner may: a worker
-- that was slow and lost the chunk sends nothing more. The entry alone does not make an owner, since
-- a chunk may have a second entry, and two processes one consumer's name: the chunk's lease does,
-- which is taken or renewed here. `sending` is taken again, since it was left by an owner before.
-- Nothing is taken of a delivery that is held or superseded: the next claim tells. Who is patient
-- leaves the chunk alone while somebody has that of the delivery before: they are about to tell which
-- of its mails were never sent.
-- KEYS from 2: ledger, lease, delivery, article, lease of the delivery before. ARGV from 4: the
-- caller's name on the lease, its ms, members' numbers joined by commas, '1' where it is patient.
-- Gives 'lost'; or why the delivery is held; or 'superseded'; or 'taken', the newest revision, and the
-- numbers that are the caller's now.

if not owned() then return { 'lost' } end
expect(KEYS[2], 'string')
expect(KEYS[3], 'string')
expect(KEYS[4], 'hash')
expect(KEYS[5], 'hash')
if ARGV[7] == '1' and redis.call('EXISTS', KEYS[6]) == 1 then return { 'lost' } end
local holder = redis.call('GET', KEYS[3])
if holder and holder ~= ARGV[4] then return { 'lost' } end
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])

local delivery = redis.call('HMGET', KEYS[4], 'held', 'superseded')
if delivery[2] then return { 'superseded' } end
if delivery[1] and delivery[1] ~= '' then return { delivery[1] } end
local newest = tonumber(redis.call('HGET', KEYS[5], 'revision') or '0')

local taken = { 'taken', newest }
for word in ARGV[6]:gmatch('%d+') do
  local number = tonumber(word)
  if move(KEYS[2], number, SENDING) then taken[#taken + 1] = number end
end
keep_states(KEYS[2])
return taken
