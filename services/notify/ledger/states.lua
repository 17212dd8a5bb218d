-- The ledger's byte: one for each member's number. It is a state, and flags, which stay. Their
-- names in Python are in states.py; a test compares the two.

local State = {
  planned = 0, -- owed, and nobody works on it
  sending = 1, -- taken by a worker; nobody has heard what became of the mail
  handed_over = 2,
  deferred = 3, -- the relay put it off
  failed = 4,
  suppressed = 5, -- not to be mailed after all
  outside = 7, -- not in this audience: gone before the start, chose other subjects, or owed nothing
}
local STATES = 8 -- a byte modulo this is its state
local Flag = {
  earlier = 8, -- an earlier version may have reached the member
  unheard = 16, -- this version may have, though nobody heard of it
  bounced = 32, -- it came back; only on what is sending or handed over
}
local Byte = { planned = '\0', outside = '\7', owed = '\8' } -- `owed`: planned, and `earlier`

-- Character classes, for passes over many bytes in C: a loop over a million would hold Redis up.
local Class = {
  waits = '[%z\8]', -- planned, without or with `earlier`
  may_have_it = '[\1\2\8-\63]', -- sending, handed over, or any flag
  -- Not open, or neither sending nor with a flag; the commonest are first.
  not_in_doubt = '[\2-\7%z\10\12-\15\18\20-\23\26\28-\31\34\36-\39\42\44-\47\50\52-\55\58\60-\63]',
  deferred = '\3',
  given_up = '[\4\5]', -- failed, suppressed
  not_owed = '[^\8]',
}

-- Single bytes are read and written in blocks: a command for each member takes longer than all else
-- that a script does.
local BLOCK = 256
local is_open = { [State.planned] = true, [State.sending] = true, [State.deferred] = true }
local blocks, changed = {}, {}

local function block_of(ledger, number)
  local first = number - number % BLOCK
  if not blocks[first] then
    blocks[first] = { redis.call('GETRANGE', ledger, first, first + BLOCK - 1):byte(1, -1) }
  end
  return first, blocks[first]
end

-- Give the member a state; false if they have a final one, or are not in the ledger. If a member is
-- taken again, or given up, while nobody has heard what became of the last try, that try may have
-- reached them. A mail that came back before its outcome was written down has bounced if that is
-- `handed_over`; any other outcome is of another mail. Kept only once `keep_states` is called.
-- Gives whether a state was given, and whether that mail has bounced.
local function move(ledger, number, state)
  local first, bytes = block_of(ledger, number)
  local place = number - first + 1
  local byte = bytes[place]
  local before = byte and byte % STATES
  if not is_open[before] then return false end
  local flags = byte - before
  local has_bounced = flags >= Flag.bounced and state == State.handed_over
  flags = flags % Flag.bounced
  local again = state == State.sending or state == State.suppressed
  if before == State.sending and again and flags < Flag.unheard then
    flags = flags + Flag.unheard
  end
  bytes[place] = (has_bounced and Flag.bounced or 0) + flags + state
  changed[first] = bytes
  return true, has_bounced
end

-- Note that a mail came back; false if this is known, or no mail of this ledger can have been
-- accepted. `sending` was accepted by a relay whose word nobody heard, or has not been written down.
local function bounce(ledger, number)
  local first, bytes = block_of(ledger, number)
  local place = number - first + 1
  local byte = bytes[place]
  local state = byte and byte % STATES
  if state ~= State.sending and state ~= State.handed_over then return false end
  if byte >= Flag.bounced then return false end
  bytes[place] = byte + Flag.bounced
  changed[first] = bytes
  return true, state == State.handed_over
end

-- The block of a member, to change any byte of it.
local function block_to_change(ledger, number)
  local first, bytes = block_of(ledger, number)
  changed[first] = bytes
  return first, bytes
end

local function keep_states(ledger)
  for first, bytes in pairs(changed) do
    redis.call('SETRANGE', ledger, first, string.char(unpack(bytes)))
  end
  blocks, changed = {}, {}
end
