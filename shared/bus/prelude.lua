-- What every script of Varsel may use. A script has no rollback: check types before the first write.

-- Raise unless `key` is absent or of type `wanted` ('hash', 'zset', 'set', 'list', 'stream', 'string').
local function expect(key, wanted)
  local found = redis.call('TYPE', key)['ok']
  if found ~= 'none' and found ~= wanted then
    error(redis.error_reply('WRONGTYPE ' .. key .. ' is a ' .. found .. ', not a ' .. wanted))
  end
end

local families = {
  H = 'hash', Z = 'zset', X = 'stream', L = 'list', R = 'list', S = 'set',
}
local any_type = { SET = true, DEL = true, UNLINK = true, EXPIRE = true, PEXPIRE = true }

-- Raise unless `key` is absent or of the type that the write `command` works on.
local function expect_for(command, key)
  if not any_type[command] then expect(key, families[command:sub(1, 1)]) end
end

-- Append an event. `fields` is a list of names and values, or that list as JSON.
local function emit(stream, fields)
  if type(fields) == 'string' then fields = cjson.decode(fields) end
  return redis.call('XADD', stream, '*', unpack(fields))
end
