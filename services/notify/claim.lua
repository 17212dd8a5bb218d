-- A worker takes members of its chunk before it mails them. Only the chunk's owner may: a worker
-- that was slow and lost the chunk sends nothing more. The entry alone does not make an owner, since
-- a chunk may have a second entry, and two processes one consumer's name: the chunk's lease does,
-- which is taken or renewed here. `sending` is taken again, since it was left by an owner before.
-- KEYS from 2: ledger, lease. ARGV from 4: the caller's name on the lease, its ms, members' numbers.
-- Gives the numbers that are the caller's now, or 'lost'.

if not owned() then return 'lost' end
expect(KEYS[2], 'string')
expect(KEYS[3], 'string')
local holder = redis.call('GET', KEYS[3])
if holder and holder ~= ARGV[4] then return 'lost' end
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])

local open = { ['\0'] = true, ['\1'] = true, ['\3'] = true }
local taken = {}
for place = 6, #ARGV do
  local number = tonumber(ARGV[place])
  if open[redis.call('GETRANGE', KEYS[2], number, number)] then
    redis.call('SETRANGE', KEYS[2], number, '\1')
    taken[#taken + 1] = number
  end
end
return taken
