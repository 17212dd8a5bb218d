-- A container that is made anew has a new name, and the consumer of the old name would stay for
-- ever. Of a group's consumers those go that have nothing pending and were silent for long. One step
-- looks and drops, since XGROUP DELCONSUMER takes along what is pending.
-- KEYS: stream. ARGV: group, the caller's own name, ms of silence.
-- Gives how many went.

local gone = 0
for _, told in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for place = 1, #told, 2 do consumer[told[place]] = told[place + 1] end
  local silent = consumer.idle >= tonumber(ARGV[3])
  if silent and consumer.pending == 0 and consumer.name ~= ARGV[2] then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer.name)
    gone = gone + 1
  end
end
return gone
