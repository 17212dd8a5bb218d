-- The states in a ledger, a byte per number. They are read and written in blocks: calling a command
-- for each member takes longer than all else that a script does.

local BLOCK = 256
local SENDING, HANDED_OVER, DEFERRED, FAILED, SUPPRESSED = 1, 2, 3, 4, 5
local open = { [0] = true, [SENDING] = true, [DEFERRED] = true }
local blocks, changed = {}, {}

local function block_of(key, number)
  local first = number - number % BLOCK
  if not blocks[first] then
    blocks[first] = { redis.call('GETRANGE', key, first, first + BLOCK - 1):byte(1, -1) }
  end
  return first, blocks[first]
end

-- Give the member a state; false where they have a final one, or are not in the ledger. Kept only
-- once `keep_states` is called.
local function move(key, number, state)
  local first, states = block_of(key, number)
  local place = number - first + 1
  if not open[states[place]] then return false end
  states[place] = state
  changed[first] = states
  return true
end

local function keep_states(key)
  for first, states in pairs(changed) do
    redis.call('SETRANGE', key, first, string.char(unpack(states)))
  end
end
