-- What belongs to one person in a hash of records, each a JSON object with `person`.

-- How many in the hash `name` belong to `person`.
local function many_of(name, person)
  local many = 0
  for _, record in ipairs(redis.call('HVALS', name)) do
    if cjson.decode(record).person == person then many = many + 1 end
  end
  return many
end

-- Remove from the hash `name` all that belongs to `person`.
local function drop_of(name, person)
  local all = redis.call('HGETALL', name)
  for place = 1, #all, 2 do
    if cjson.decode(all[place + 1]).person == person then redis.call('HDEL', name, all[place]) end
  end
end
