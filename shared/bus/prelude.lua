-- What every script of Varsel may use. A script has no rollback: check types before the first write.

-- Raise unless `key` is absent or of type `wanted` ('hash', 'zset', 'set', 'list', 'stream', 'string').
local function expect(key, wanted)
  local found = redis.call('TYPE', key)['ok']
  if found ~= 'none' and found ~= wanted then
    error(redis.error_reply('WRONGTYPE ' .. key .. ' is a ' .. found .. ', not a ' .. wanted))
  end
end

-- Append an event. `fields` is a list of names and values, or that list as JSON.
local function emit(stream, fields)
  if type(fields) == 'string' then fields = cjson.decode(fields) end
  return redis.call('XADD', stream, '*', unpack(fields))
end
