-- with: fence, supersede
-- The effects of one event in one step: what follows is published, state is written, and the entry
-- is acknowledged. If the state is of this revision or a newer one already, the entry is only
-- acknowledged.
--
-- key.newer_than hash?: holds the revision that the state is of
-- key.superseded hash?: holds the entry that the event stands in the place of
-- key.written any...: what the steps write
-- arg.field text: where it is in that hash
-- arg.revision number: the event's own; nil if nothing is compared
-- arg.entry_field text: where that entry is in its hash
-- arg.steps json: a list of {command, place in key.written, arguments…}; `true` in the place of an
--   argument stands for the number that Redis answered to the step before
--
-- answer done
-- answer older: the state was as new already; nothing was written

if arg.revision then
  local stored = tonumber(redis.call('HGET', key.newer_than, arg.field) or '')
  if stored and stored >= arg.revision then
    acknowledge()
    return { 'older' }
  end
end
for _, step in ipairs(arg.steps) do expect_for(step[1], key.written[step[2]]) end
local before = key.superseded and redis.call('HGET', key.superseded, arg.entry_field)
local answer
for _, step in ipairs(arg.steps) do
  local stream = key.written[step[2]]
  for place = 3, #step do
    if step[place] == true then step[place] = whole(answer) end
  end
  answer = redis.call(step[1], stream, unpack(step, 3))
  if key.superseded and step[1] == 'XADD' then
    if before then supersede(stream, before) end
    redis.call('HSET', key.superseded, arg.entry_field, answer)
  end
end
acknowledge()
return { 'done' }
