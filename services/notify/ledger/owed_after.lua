-- with: states
-- Whom a correction or withdrawal is owed to, read from the ledger of the delivery before it. An
-- old version may be in the hands of each member who was handed it, of each who is `sending` (it
-- may have been accepted without a record), and of each with a flag: they are owed the new one. The
-- others have nothing to be corrected. Open ones get a correction as their first mail, and
-- everybody else is not in the audience any more.

-- `keeps_open`: whether open members stay owed. `open` is the counter of the old ledger, since each
-- sum is counted and none made of bytes (promise G6). Gives the new ledger's bytes, which are planned,
-- owed or outside, and its audience.
local function owed_after(bytes, open, keeps_open)
  local owed, reached = bytes:gsub(Class.may_have_it, Byte.owed)
  if not keeps_open then return owed:gsub(Class.not_owed, Byte.outside), reached end
  local in_doubt = #bytes:gsub(Class.not_in_doubt .. '+', '') -- runs: a third of the time
  if owed:find(Class.deferred, 1, true) then owed = owed:gsub(Class.deferred, Byte.planned) end
  owed = owed:gsub(Class.given_up, Byte.outside)
  return owed, reached + open - in_doubt
end
