-- What a script stands on whose event staff may have to be told of: the telling is kept in the same
-- step, so no event is without it.
--
-- key.tellings hash: id → the telling as JSON
-- key.tellings_due zset: id → when somebody looks whether it is to be told, in ms since 1970
-- arg.tellings json: a list of {id, telling, when}

local function keep_tellings()
  for _, one in ipairs(arg.tellings) do
    redis.call('HSET', key.tellings, one[1], one[2])
    redis.call('ZADD', key.tellings_due, one[3], one[1])
  end
end
