-- What a script stands on that writes the audit trail in the same step as what it does. Hashes are
-- made outside, on the head that was read: a script that finds another head writes nothing at all,
-- so a trail never forks. See trail.py for how the arguments are made.
--
-- key.trail hash: number → line
-- key.trail_head string
-- arg.trail_head text: the head that was read
-- arg.trail_entries text: JSON of a list: the new head, then each number and line

-- Is the trail still where the caller read it? Ask before the first write, and give up if not.
local function audit_ready() return (redis.call('GET', key.trail_head) or '') == arg.trail_head end

-- Append the entries. What is written is never written over.
local function audit_append()
  local parts = cjson.decode(arg.trail_entries)
  for place = 2, #parts, 2 do redis.call('HSETNX', key.trail, parts[place], parts[place + 1]) end
  redis.call('SET', key.trail_head, parts[1])
end
