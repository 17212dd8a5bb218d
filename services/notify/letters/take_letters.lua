-- Senders share the letters that are due. Taking one moves its due time by the lease, so nobody
-- else takes it meanwhile, and if its sender is killed it falls due again. Letters for those who
-- join come last, so many in an hour, counted when they are first taken.
--
-- key.queue zset
-- key.joins zset: the same for those who join
-- key.joined zset: letters of those who join that were taken, by when; once sent, each mail of them
-- key.held hash: letter → who took it last
-- arg.owner text: the sender's name for this taking
-- arg.lease_ms number
-- arg.at_most number: letters
-- arg.joins_at_most number: of them letters of those who join
-- arg.joins_an_hour number
--
-- answer taken due_in, letters…: ms until the next one is due (-1: there is none), then per letter
--   its id, and whether it is of one who joins

local now = now_ms()
local answer = { 'taken', -1 }

local function give(queue, id, is_join)
  redis.call('ZADD', queue, whole(now + arg.lease_ms), id)
  redis.call('HSET', key.held, id, arg.owner)
  answer[#answer + 1] = id
  answer[#answer + 1] = is_join
end

local function due(queue, at_most)
  if at_most <= 0 then return {} end
  return redis.call('ZRANGEBYSCORE', queue, '-inf', now, 'LIMIT', 0, at_most)
end

local urgent = due(key.queue, arg.at_most)
for _, id in ipairs(urgent) do give(key.queue, id, 0) end

local room = math.min(arg.at_most - #urgent, arg.joins_at_most)
if #due(key.joins, room) > 0 then
  redis.call('ZREMRANGEBYSCORE', key.joined, '-inf', whole(now - 3600000))
  -- Those that were counted first: with the hour full nothing that waits before them may go.
  local counted = redis.call('ZINTER', 2, key.joins, key.joined, 'WEIGHTS', 1, 0, 'WITHSCORES')
  for place = 1, #counted, 2 do
    if room > 0 and tonumber(counted[place + 1]) <= now then
      room = room - 1
      give(key.joins, counted[place], 1)
    end
  end
  local left = arg.joins_an_hour - redis.call('ZCARD', key.joined)
  for _, id in ipairs(due(key.joins, math.min(room, left))) do
    redis.call('ZADD', key.joined, whole(now), id)
    give(key.joins, id, 1)
  end
end

local first = redis.call('ZRANGE', key.queue, 0, 0, 'WITHSCORES')
if first[2] then answer[2] = math.max(first[2] - now, 0) end
return answer
