-- A sender keeps the letters that it has in hand for one more lease, but for those that it lost.
--
-- key.queue zset
-- key.held hash: letter → who took it last
-- arg.ids text...: per letter its id
-- arg.owners text...: per letter the sender's name for its taking
-- arg.lease_ms number
--
-- answer done places…: of the letters that still were its own, counted from 1

local answer = { 'done' }
for place, id in ipairs(arg.ids) do
  if redis.call('HGET', key.held, id) == arg.owners[place] then
    redis.call('ZADD', key.queue, whole(now_ms() + arg.lease_ms), id)
    answer[#answer + 1] = place
  end
end
return answer
