-- What every script of Varsel may use. A script has no rollback: check what can fail before the
-- first write.

-- Raise unless `name` is absent or of type `wanted` ('hash', 'zset', 'set', 'list', 'stream', 'string').
local function expect(name, wanted)
  local found = redis.call('TYPE', name)['ok']
  if found ~= 'none' and found ~= wanted then
    error(redis.error_reply('WRONGTYPE ' .. name .. ' is a ' .. found .. ', not a ' .. wanted))
  end
end

local families = {
  H = 'hash', Z = 'zset', X = 'stream', L = 'list', R = 'list', S = 'set',
}
local any_type = { SET = true, DEL = true, UNLINK = true, EXPIRE = true, PEXPIRE = true }

-- Raise unless the key `name` is absent or of the type that the write `command` works on.
local function expect_for(command, name)
  local wanted = command == 'SETRANGE' and 'string' or families[command:sub(1, 1)]
  if not any_type[command] then expect(name, wanted) end
end

-- Milliseconds since 1970, by the server's clock.
local function now_ms()
  local clock = redis.call('TIME')
  return clock[1] * 1000 + math.floor(clock[2] / 1000)
end

-- A whole number as text: Lua writes a large one as 1e+15.
local function whole(number) return string.format('%d', number) end

-- An event's fields, a list of names and values or that list as JSON, with the named ones replaced.
local function filled(fields, values)
  if type(fields) == 'string' then fields = cjson.decode(fields) end
  for place = 1, #fields, 2 do
    local value = values[fields[place]]
    if value then fields[place + 1] = value end
  end
  return fields
end

-- Append an event, its fields as `filled` takes them.
local function emit(stream, fields)
  if type(fields) == 'string' then fields = cjson.decode(fields) end
  return redis.call('XADD', stream, '*', unpack(fields))
end
