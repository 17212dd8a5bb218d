-- What a script uses to write the audit trail in the same step as what it does. Hashes are made
-- outside, on the head that was read: a script that finds another head writes nothing at all, so a
-- trail never forks. See trail.py for how these arguments are made.

-- Is the trail still where `expected_head` says? Ask before the first write, and give up if not.
local function audit_ready(head_key, expected_head)
  return (redis.call('GET', head_key) or '') == expected_head
end

-- Append `entries`, JSON of a list: the new head, then each number and line. Call it as the first
-- write of a script, as it checks its keys' types. What is written is never written over.
local function audit_append(entries_key, head_key, entries)
  expect(entries_key, 'hash')
  expect(head_key, 'string')
  local parts = cjson.decode(entries)
  for place = 2, #parts, 2 do redis.call('HSETNX', entries_key, parts[place], parts[place + 1]) end
  redis.call('SET', head_key, parts[1])
end
