-- Processes share the mails that came back. Taking one moves its time by the lease, so nobody else
-- takes it meanwhile, and if its reader is killed it comes again.
--
-- key.mail hash
-- key.due zset
-- arg.lease_ms number
-- arg.at_most number: mails
--
-- answer taken mails…: per mail its id and its sealed bytes

local now = now_ms()
local answer = { 'taken' }
for _, id in ipairs(
  redis.call('ZRANGEBYSCORE', key.due, '-inf', now, 'LIMIT', 0, arg.at_most)
) do
  local mail = redis.call('HGET', key.mail, id)
  if mail then
    redis.call('ZADD', key.due, now + arg.lease_ms, id)
    answer[#answer + 1] = id
    answer[#answer + 1] = mail
  else
    redis.call('ZREM', key.due, id) -- somebody removed the mail by hand
  end
end
return answer
