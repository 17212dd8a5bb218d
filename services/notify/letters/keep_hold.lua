-- A sender keeps the letters that it has in hand for one more lease, but for those that it lost.
--
-- key.queue zset
-- arg.ids text...: per letter its id
-- arg.until_ms text...: per letter until when the sender thinks that it is its own
-- arg.lease_ms number
--
-- answer done until, places…: until when they are its own now (ms), and which still were, from 1

local until_ms = whole(now_ms() + arg.lease_ms)
local answer = { 'done', until_ms }
for place, id in ipairs(arg.ids) do
  if redis.call('ZSCORE', key.queue, id) == arg.until_ms[place] then
    redis.call('ZADD', key.queue, until_ms, id)
    answer[#answer + 1] = place
  end
end
return answer
