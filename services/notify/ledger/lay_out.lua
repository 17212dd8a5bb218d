-- with: states, owed_after
-- Whom a delivery is owed to, laid out as a ledger: each step is over all members and in C, since a
-- loop over a million would hold Redis up. The start of a delivery and its preview both do just
-- this. An alert goes to the members whom it concerns: they have not left, and want one of its
-- subjects, or it is for all. A correction or withdrawal goes to those whom owed_after.lua names.
-- If a correction concerns more than the alert did, since it has more subjects or is for all now,
-- it is also a first mail for those whom it concerns and who have none of its versions.
--
-- key.gone string: 7 for each number that left or was erased
-- key.base string: choices about subjects that nobody picked; see choices/strings.lua
-- key.choices string...: per subject its choices
-- key.chain string: see members/earlier.lua
-- key.scratch string: left as it comes
-- key.last string: the last member's number given
-- key.leaves string: how many members have left
-- key.staff set: numbers of members who get exercises and tests
-- key.before hash: the delivery before
-- key.ledger_before string
-- arg.mode text
-- arg.subjects text: the ids of the subjects, joined by commas; '' if it is for all

-- How many numbers have 7 in a string that has nothing but 0 and 7.
local function sevens(string) return redis.call('BITCOUNT', string) / 3 end

-- The strings of the subjects; without an own one, choices are as in base.
local function strings()
  local found = {}
  for _, string in ipairs(key.choices) do
    table.insert(found, redis.call('EXISTS', string) == 1 and string or key.base)
  end
  return found
end

-- Make of `string` who is concerned: 0 for each up to `last`, 7 for everybody else.
local function lay_out_concerned(string, last)
  if arg.subjects == '' then
    redis.call('BITOP', 'AND', string, key.gone)
  else
    redis.call('BITOP', 'AND', string, unpack(strings()))
    redis.call('BITOP', 'OR', string, string, key.gone)
  end
  if redis.call('STRLEN', string) <= last then
    redis.call('SETRANGE', string, last, Byte.planned)
  end
  redis.call('SETRANGE', string, 0, Byte.outside) -- nobody has the number 0
end

-- Whether subjects are more than those before; ids joined by commas, '' being all.
local function adds(before, now)
  if before == '' then return false end
  if now == '' then return true end
  local had = {}
  for id in before:gmatch('[^,]+') do had[id] = true end
  for id in now:gmatch('[^,]+') do
    if not had[id] then return true end
  end
  return false
end

local function both(before, now)
  if before == '' or now == '' then return '' end
  local all, seen = {}, {}
  for id in (before .. ',' .. now):gmatch('[^,]+') do
    if not seen[id] then table.insert(all, id) end
    seen[id] = true
  end
  return table.concat(all, ',')
end

-- The next number from `number` on that has one before, and that one; nil if there is none. Redis
-- itself passes over long stretches that have none.
local LOOKED_AT = 64
local function next_link(all, number)
  local looked = 0
  while number * 4 < #all do
    local before = struct.unpack('<I4', all, number * 4 + 1)
    if before ~= 0 then return number, before end
    number, looked = number + 1, looked + 1
    if looked == LOOKED_AT then
      local bit = redis.call('BITPOS', key.chain, 1, number * 4)
      if bit < 0 then return nil end
      number, looked = math.floor(bit / 32), 0
    end
  end
end

-- Whoever came back has another number than before: if an earlier one of theirs is in the audience, and
-- so gets the correction, the new one gets no first mail. About a quarter of a microsecond for each
-- number before, of which a list that ends many, and its undo, make as many.
local function leave_out_twice(ledger, bytes)
  local all, outside = redis.call('GET', key.chain) or '', State.outside
  local byte, unpacked, first, block = string.byte, struct.unpack, -BLOCK, nil
  local number, before = next_link(all, 0)
  while number do
    if number < first or number >= first + BLOCK then
      first, block = block_to_change(ledger, number)
    end
    while before ~= 0 and block[number - first + 1] ~= outside do
      if (byte(bytes, before + 1) or outside) ~= outside then block[number - first + 1] = outside end
      before = unpacked('<I4', all, before * 4 + 1)
    end
    number, before = next_link(all, number + 1)
  end
  keep_states(ledger)
end

-- Lay out the ledger of `bytes`, which are 0, 7 and 8, with first mails. Gives how many are added.
local function widen(ledger, bytes, last)
  bytes = bytes .. string.rep(Byte.outside, last + 1 - #bytes)
  lay_out_concerned(key.scratch, last)
  leave_out_twice(key.scratch, bytes)
  -- With 8 in each byte of the other, AND keeps an 8, and 7 only where both have it.
  redis.call('SET', ledger, string.rep(Byte.owed, #bytes))
  redis.call('BITOP', 'OR', key.scratch, key.scratch, ledger)
  redis.call('SET', ledger, bytes)
  local before = redis.call('BITCOUNT', ledger)
  redis.call('BITOP', 'AND', ledger, ledger, key.scratch)
  return (before - redis.call('BITCOUNT', ledger)) / 3
end

-- Lay out the ledger of a delivery of this kind. `before` is the delivery before, as read_delivery
-- gives it. Gives a table: audience, its cut (last and leaves), and the subjects that the alert has
-- gone to by then.
local function lay_out(ledger, kind, before)
  local last = tonumber(redis.call('GET', key.last) or '0')
  local leaves = tonumber(redis.call('GET', key.leaves) or '0')
  if kind ~= 'alert' then
    local cut = redis.call('HMGET', key.before, 'last', 'leaves', 'subjects')
    local subjects = cut[3] or ''
    local keeps_open = kind == 'correction' and before.held ~= 'cancelled'
    local bytes, audience =
      owed_after(redis.call('GET', key.ledger_before) or '', tonumber(before.open), keeps_open)
    local is_wider = kind == 'correction' and arg.mode == 'actual' and adds(subjects, arg.subjects)
    if is_wider then
      audience, subjects = audience + widen(ledger, bytes, last), both(subjects, arg.subjects)
    else
      redis.call('SET', ledger, bytes)
      last = tonumber(cut[1])
    end
    return { audience = audience, last = last, leaves = tonumber(cut[2]), subjects = subjects }
  end
  if arg.mode == 'actual' then
    lay_out_concerned(ledger, last)
    local audience = last + 1 - sevens(ledger)
    return { audience = audience, last = last, leaves = leaves, subjects = arg.subjects }
  end
  redis.call('SET', ledger, string.rep(Byte.outside, last + 1))
  local staff = redis.call('SMEMBERS', key.staff)
  for _, number in ipairs(staff) do redis.call('SETRANGE', ledger, number, Byte.planned) end
  return { audience = #staff, last = last, leaves = leaves, subjects = '' }
end
