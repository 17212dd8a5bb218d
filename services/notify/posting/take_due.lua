-- Senders share the posts that are due. Taking one moves its due time by the lease, so nobody else
-- takes it meanwhile, and when its sender is killed it falls due again. Where nothing is due,
-- nothing is written.
-- KEYS: posts, due, attempts. ARGV: lease in ms, how many at most.
-- Gives the ms until the next post is due (-1: there is none), then per taken post its JSON and the
-- number of attempts that it has behind it.

expect(KEYS[1], 'hash')
expect(KEYS[2], 'zset')
expect(KEYS[3], 'hash')

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local reply = { -1 }

for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  local post = redis.call('HGET', KEYS[1], id)
  if post then
    redis.call('ZADD', KEYS[2], now + ARGV[1], id)
    reply[#reply + 1] = post
    reply[#reply + 1] = tonumber(redis.call('HGET', KEYS[3], id) or '0')
  else
    redis.call('ZREM', KEYS[2], id) -- somebody removed the post by hand
  end
end

local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if first[2] then reply[1] = math.max(first[2] - now, 0) end
return reply
