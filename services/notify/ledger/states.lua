-- The states in a ledger, a byte per number: a state (modulo 8; 7 is nobody of this delivery's), and
-- flags, which stay: 8, an earlier version may have reached the member; 16, this one may have, though
-- nobody heard of it. They are read and written in blocks: calling a command for each member takes
-- longer than all else that a script does.

local BLOCK = 256
local PLANNED, SENDING, HANDED_OVER, DEFERRED, FAILED, SUPPRESSED = 0, 1, 2, 3, 4, 5
local UNHEARD = 16
local open = { [PLANNED] = true, [SENDING] = true, [DEFERRED] = true }
local blocks, changed = {}, {}

local function block_of(key, number)
  local first = number - number % BLOCK
  if not blocks[first] then
    blocks[first] = { redis.call('GETRANGE', key, first, first + BLOCK - 1):byte(1, -1) }
  end
  return first, blocks[first]
end

-- Give the member a state; false where they have a final one, or are not in the ledger. Who is taken
-- again, or given up, while nobody has heard what became of the last try may have been reached by it.
-- Kept only once `keep_states` is called.
local function move(key, number, state)
  local first, bytes = block_of(key, number)
  local place = number - first + 1
  local byte = bytes[place]
  local before = byte and byte % 8
  if not open[before] then return false end
  local flags = byte - before
  local unheard = before == SENDING and (state == SENDING or state == SUPPRESSED)
  if unheard and flags < UNHEARD then flags = flags + UNHEARD end
  bytes[place] = flags + state
  changed[first] = bytes
  return true
end

local function keep_states(key)
  for first, bytes in pairs(changed) do
    redis.call('SETRANGE', key, first, string.char(unpack(bytes)))
  end
end
