-- Keeps the seal of a day, unless one of as many entries or more is kept: events may come twice and
-- in any order, and the trail only grows.
-- KEYS: the seals. ARGV: day, entries, seal as JSON.

expect(KEYS[1], 'hash')

local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept or cjson.decode(kept).entries < tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
