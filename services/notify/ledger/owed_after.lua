-- Whom a correction or withdrawal is owed to, read from the ledger of the delivery before it.
-- A byte is a state (modulo 8) and flags: 8, an earlier version may have reached this member; 16, this
-- one may have, though nobody heard of it. So an old version may be in the hands of who was handed
-- it, of who is `sending` (it may have been accepted without a record), and of who has a flag: they
-- are all owed the new one, as 8. The others have nothing to be corrected: who is open gets a
-- correction as their first mail (0), and everybody else is not in the audience any more (7).

-- `keeps_open`: whether who is open stays owed. `open` is the counter of the old ledger: numbers
-- outside its cut have byte 0 too, so planned bytes cannot be counted. Gives the new ledger's bytes
-- and its audience. Few passes in C: a loop over a million bytes would hold Redis up for long.
local function owed_after(bytes, open, keeps_open)
  local _, in_doubt = bytes:gsub('[\1\8\9\11\16\17\19\24\25\27]', '')
  local owed, reached = bytes:gsub('[\1\2\8-\31]', '\8')
  if not keeps_open then return owed:gsub('[^\8]', '\7'), reached end
  owed = owed:gsub('\3', '\0'):gsub('[\4\5]', '\7')
  return owed, reached + open - in_doubt
end
