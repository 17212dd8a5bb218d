-- The relay's limits are counted in slices of time, `PARTS` to a limit's length. Each has a field,
-- which the slice after the next length takes over. What only some mail counts for, as letters do,
-- has fields of its own: their names begin with `whose`.

local PARTS = 20

local function slice_at(ms, length) return math.floor(ms * PARTS / length) end

local function field_of(whose, length, slice) return whose .. length .. ' ' .. slice % (PARTS + 1) end

-- Which slice a field holds, and how many mails were given in it; nil if there is none.
local function read_slice(text)
  local slice, given = (text or ''):match('^(%d+) (%d+)$')
  return tonumber(slice), tonumber(given)
end

local function written(slice, given) return string.format('%d %d', slice, given) end
