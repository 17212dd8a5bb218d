-- The effects of one event in one step: what follows is published, state is written, and the entry
-- is acknowledged; or, where the state is of this revision or a newer one already, it is only
-- acknowledged.
-- KEYS: stream, the guard's hash, then the keys that the steps name by their place.
-- ARGV from 4: guard field, guard revision ('' for no guard), then the steps as JSON: a list of
-- {command, place of key, arguments…}.

local steps = cjson.decode(ARGV[6])

if ARGV[5] ~= '' then
  expect(KEYS[2], 'hash')
  local stored = tonumber(redis.call('HGET', KEYS[2], ARGV[4]) or '')
  if stored and stored >= tonumber(ARGV[5]) then
    acknowledge()
    return 'older'
  end
end
for _, step in ipairs(steps) do expect_for(step[1], KEYS[step[2]]) end
for _, step in ipairs(steps) do
  redis.call(step[1], KEYS[step[2]], unpack(step, 3))
end
acknowledge()
return 'done'
