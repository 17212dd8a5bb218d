-- A container that is made anew has a new name, and the consumer of the old name would stay for
-- ever. Those consumers of a group go that have nothing pending and were silent for long. One step
-- looks and drops, since XGROUP DELCONSUMER takes along what is pending.
--
-- key.stream stream
-- arg.group text
-- arg.consumer text: the caller's own name, which stays
-- arg.silence number: ms
--
-- answer done gone: how many went

local gone = 0
for _, told in ipairs(redis.call('XINFO', 'CONSUMERS', key.stream, arg.group)) do
  local consumer = {}
  for place = 1, #told, 2 do consumer[told[place]] = told[place + 1] end
  local silent = consumer.idle >= arg.silence
  if silent and consumer.pending == 0 and consumer.name ~= arg.consumer then
    redis.call('XGROUP', 'DELCONSUMER', key.stream, arg.group, consumer.name)
    gone = gone + 1
  end
end
return { 'done', gone }
