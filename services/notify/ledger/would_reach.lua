-- with: lay_out, tell
-- Whom a revision would be mailed to, if it were published now, and why not to others, in numbers: its
-- audience is laid out just as it would be, and thrown away.
--
-- key.ledger string: thrown away
-- arg.kind text: alert, correction or withdrawal
--
-- answer done audience, first, gone, chose_others, not_owed

local laid = lay_out(key.ledger, arg.kind, read_delivery(key.before))
local size = redis.call('STRLEN', key.ledger)

-- How many of those who are left out have 7 in `string` too; that is left in the scratch.
local function of_them(string)
  redis.call('BITOP', 'AND', key.scratch, key.ledger, string)
  return sevens(key.scratch)
end

-- Only who is left out: 7 stays, all else is 0. Nobody has the number 0.
redis.call('SET', key.scratch, string.rep(Byte.outside, size))
redis.call('BITOP', 'AND', key.ledger, key.ledger, key.scratch)
redis.call('SETRANGE', key.ledger, 0, Byte.planned)
local out, gone, chose_others = sevens(key.ledger), of_them(key.gone), 0
if arg.mode == 'actual' and arg.subjects ~= '' then
  redis.call('BITOP', 'AND', key.scratch, unpack(strings()))
  local all_of_them = of_them(key.scratch)
  redis.call('BITOP', 'AND', key.scratch, key.scratch, key.gone)
  chose_others = all_of_them - sevens(key.scratch)
end
redis.call('UNLINK', key.ledger, key.scratch)
return { 'done', laid.audience, laid.first, gone, chose_others, out - gone - chose_others }
