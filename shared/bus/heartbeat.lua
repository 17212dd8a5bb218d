-- A live worker keeps its entries: their idle time starts anew, their delivery count stays. An
-- entry that another consumer has taken over is left to it.
--
-- key.stream stream
-- arg.group text
-- arg.consumer text
-- arg.entries text...: their ids
--
-- answer done kept: how many were still its own

local kept = 0
for _, entry in ipairs(arg.entries) do
  local pending = redis.call('XPENDING', key.stream, arg.group, entry, entry, 1)
  if #pending == 1 and pending[1][2] == arg.consumer then
    redis.call('XCLAIM', key.stream, arg.group, arg.consumer, 0, entry, 'JUSTID')
    kept = kept + 1
  end
end
return { 'done', kept }
