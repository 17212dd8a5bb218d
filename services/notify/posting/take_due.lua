-- Senders share the posts that are due. Taking one moves its due time by the lease, so nobody else
-- takes it meanwhile, and if its sender is killed it falls due again. If nothing is due, nothing is
-- written.
--
-- key.posts hash
-- key.due zset
-- key.attempts hash: post id → attempts behind it
-- arg.lease_ms number
-- arg.at_most number: posts
--
-- answer taken wait, posts…: ms until the next post is due (-1: there is none), then per post its
--   JSON and the number of attempts behind it

local now = now_ms()
local answer = { 'taken', -1 }
for _, id in ipairs(
  redis.call('ZRANGEBYSCORE', key.due, '-inf', now, 'LIMIT', 0, arg.at_most)
) do
  local post = redis.call('HGET', key.posts, id)
  if post then
    redis.call('ZADD', key.due, now + arg.lease_ms, id)
    answer[#answer + 1] = post
    answer[#answer + 1] = tonumber(redis.call('HGET', key.attempts, id) or '0')
  else
    redis.call('ZREM', key.due, id) -- somebody removed the post by hand
  end
end

local first = redis.call('ZRANGE', key.due, 0, 0, 'WITHSCORES')
if first[2] then answer[2] = math.max(first[2] - now, 0) end
return answer
