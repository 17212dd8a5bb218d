-- A worker takes members of its chunk before it mails them. Only the chunk's owner may: a worker
-- that was slow and lost the chunk sends nothing more. `sending` is taken again, since it was left
-- by an owner before.
-- KEYS from 2: ledger. ARGV from 4: members' numbers.
-- Gives the numbers that are the caller's now, or 'lost'.

if not owned() then return 'lost' end
expect(KEYS[2], 'string')

local open = { ['\0'] = true, ['\1'] = true, ['\3'] = true }
local taken = {}
for place = 4, #ARGV do
  local number = tonumber(ARGV[place])
  if open[redis.call('GETRANGE', KEYS[2], number, number)] then
    redis.call('SETRANGE', KEYS[2], number, '\1')
    taken[#taken + 1] = number
  end
end
return taken
