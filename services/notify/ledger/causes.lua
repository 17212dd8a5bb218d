-- Why mails did not arrive, in a few words that count members and tell of none: from the codes of a
-- relay's refusal, as `5.1.1 550`, or of a mail that came back, as `5.1.1` (RFC 3463; RFC 5321,
-- 4.2). What was tried for days and given up (4.x.x) says the same as what was refused.

local CAUSES = { 'no_address', 'closed', 'full', 'refused', 'not_reached', 'other' }
local of_code = {
  ['1.1'] = 'no_address', ['1.2'] = 'no_address', ['1.3'] = 'no_address', ['1.6'] = 'no_address',
  ['1.10'] = 'no_address', ['2.1'] = 'closed', ['2.2'] = 'full',
}
local of_class = { ['4'] = 'not_reached', ['5'] = 'refused', ['6'] = 'refused', ['7'] = 'refused' }

local function cause_of(codes)
  local kind, class, detail = codes:match('^(%d)%.(%d+)%.(%d+)')
  if kind then
    local found = of_code[class .. '.' .. detail] or of_class[class]
    return found or (kind == '4' and 'not_reached' or 'other')
  end
  if codes:find('^552') then return 'full' end
  return codes:find('^5') and 'other' or 'not_reached'
end

-- Count members of the delivery: `what` is failed or bounced.
local function count_cause(delivery, what, codes, count)
  redis.call('HINCRBY', delivery, what .. ':' .. cause_of(codes), count)
end

-- How many there are by cause, as JSON: {"full":2}.
local function counted_causes(delivery, what)
  local names, parts = {}, {}
  for _, cause in ipairs(CAUSES) do table.insert(names, what .. ':' .. cause) end
  for place, count in ipairs(redis.call('HMGET', delivery, unpack(names))) do
    if count and count ~= '0' then
      table.insert(parts, '"' .. CAUSES[place] .. '":' .. count)
    end
  end
  return '{' .. table.concat(parts, ',') .. '}'
end
