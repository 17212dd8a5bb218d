-- A worker takes members of its chunk before it mails them. Only the chunk's owner may: a worker
-- that was slow and lost the chunk sends nothing more. The entry alone does not make an owner, since
-- a chunk may have a second entry, and two processes one consumer's name: the chunk's lease does,
-- which is taken or renewed here. `sending` is taken again, since it was left by an owner before.
-- Nothing is taken of a delivery that is held or whose article is withdrawn: the next claim tells.
-- KEYS from 2: ledger, lease, delivery, article. ARGV from 4: the caller's name on the lease, its
-- ms, members' numbers joined by commas.
-- Gives 'lost'; or why the delivery is held; or 'withdrawn'; or 'taken', the newest revision, and the
-- numbers that are the caller's now.

if not owned() then return { 'lost' } end
expect(KEYS[2], 'string')
expect(KEYS[3], 'string')
expect(KEYS[4], 'hash')
expect(KEYS[5], 'hash')
local holder = redis.call('GET', KEYS[3])
if holder and holder ~= ARGV[4] then return { 'lost' } end
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])

local held = redis.call('HGET', KEYS[4], 'held')
if held and held ~= '' then return { held } end
local article = redis.call('HMGET', KEYS[5], 'revision', 'withdrawn')
local newest, withdrawn = tonumber(article[1] or '0'), tonumber(article[2] or '0')
if withdrawn > 0 and withdrawn >= newest then return { 'withdrawn' } end

local taken = { 'taken', newest }
for word in ARGV[6]:gmatch('%d+') do
  local number = tonumber(word)
  if move(KEYS[2], number, SENDING) then taken[#taken + 1] = number end
end
keep_states(KEYS[2])
return taken
