-- with: lay_out, tell
-- Whom a revision would be mailed to, if it were published now, and why not to others, in numbers:
-- its audience is laid out just as it would be, and thrown away. Those of it whose address is gone
-- are suppressed when their turn comes, unless an earlier version may have reached them.
--
-- key.ledger string: thrown away
-- arg.kind text: alert, correction or withdrawal
-- arg.no_address number...: the numbers of members whose address is gone
--
-- answer done audience, first, gone, chose_others, not_owed, no_address

local laid = lay_out(key.ledger, arg.kind, read_delivery(key.before))
local no_address, planned = 0, string.char(State.planned)
for _, number in ipairs(arg.no_address) do
  if redis.call('GETRANGE', key.ledger, number, number) == planned then no_address = no_address + 1 end
end
local last = tonumber(redis.call('GET', key.last) or '0')
-- Members who joined since are in no ledger; they are left out, too.
local beyond = last + 1 - redis.call('STRLEN', key.ledger)
if beyond > 0 then redis.call('APPEND', key.ledger, string.rep(Byte.outside, beyond)) end
local size = redis.call('STRLEN', key.ledger)

-- How many of those who are left out have 7 in both strings.
local function of_them(one, other)
  redis.call('BITOP', 'AND', key.scratch, key.ledger, one, other)
  return sevens(key.scratch)
end

-- An owed byte has 8 besides, and is of somebody who has a version already.
redis.call('SET', key.scratch, string.rep(Byte.owed, size))
redis.call('BITOP', 'AND', key.scratch, key.scratch, key.ledger)
local first = laid.audience - redis.call('BITCOUNT', key.scratch)

-- Only members who are left out: 7 stays, all else is 0. Nobody has the number 0.
redis.call('SET', key.scratch, string.rep(Byte.outside, size))
redis.call('BITOP', 'AND', key.ledger, key.ledger, key.scratch)
redis.call('SETRANGE', key.ledger, 0, Byte.planned)
local out, gone, chose_others = sevens(key.ledger), of_them(key.gone, key.gone), 0
if arg.mode == 'actual' and arg.subjects ~= '' then
  redis.call('BITOP', 'AND', key.scratch, key.ledger, unpack(strings()))
  chose_others = sevens(key.scratch) - of_them(key.scratch, key.gone)
end
redis.call('UNLINK', key.ledger, key.scratch)
return {
  'done',
  laid.audience - no_address,
  first - no_address,
  gone,
  chose_others,
  out - gone - chose_others,
  no_address,
}
