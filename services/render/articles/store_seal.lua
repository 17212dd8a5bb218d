-- Keeps the seal of a day, unless one of as many entries or more is kept: events may come twice and
-- in any order, and the trail only grows.
--
-- key.seals hash
-- arg.day text
-- arg.entries number
-- arg.seal text: as JSON
--
-- answer done

local stored = redis.call('HGET', key.seals, arg.day)
if not stored or cjson.decode(stored).entries < arg.entries then
  redis.call('HSET', key.seals, arg.day, arg.seal)
end
return { 'done' }
