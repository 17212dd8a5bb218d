-- with: fence
-- The effects of one event in one step: what follows is published, state is written, and the entry
-- is acknowledged. If the state is of this revision or a newer one already, the entry is only
-- acknowledged.
--
-- key.newer_than hash?: holds the revision that the state is of
-- key.written any...: what the steps write
-- arg.field text: where it is in that hash
-- arg.revision number: the event's own; nil for no such guard
-- arg.steps json: a list of {command, place in key.written, arguments…}
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
for _, step in ipairs(arg.steps) do
  redis.call(step[1], key.written[step[2]], unpack(step, 3))
end
acknowledge()
return { 'done' }
