-- What belongs to one person in a hash of records, each a JSON object with `person`.

-- Remove from the hash `name` all that belongs to `person`.
local function drop_of(name, person)
  local all = redis.call('HGETALL', name)
  for place = 1, #all, 2 do
    if cjson.decode(all[place + 1]).person == person then redis.call('HDEL', name, all[place]) end
  end
end
